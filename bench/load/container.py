# SPDX-License-Identifier: MIT
"""What does a container cost?  The same programs on the host and in containers, each way of reaching
them a variant of its own, all asked from the host in turns.

The containers have no image: a folder with the host's /usr in it, an overlay on top, and what is
measured mounted beside it.  Namespaces, cgroups, seccomp, veth, bridge and NAT are those of any other."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from cases import KIB, MIB, Case
from measure import Generator, summarise
from servers import PATIENCE, Cores, Process, free_port, get

SIZES = (("20 B", 20), ("4 KiB", 4 * KIB), ("64 KiB", 64 * KIB), ("1 MiB", MIB), ("64 MiB", 64 * MIB))
# Who is asked: the peer itself, sluice before it, or sluice for a file of the container's own.
KINDS = (("peer", "without a proxy"), ("proxy", "through the proxy"), ("file", "a file"))
# name: (network, MTU); none: on the host.
VARIANTS = {
    "host": None,
    "host network": ("host", 0),
    "bridge": ("bridge", 1500),
    "bridge + NAT": ("nat", 1500),
    "bridge, MTU 9000": ("bridge", 9000),
    "bridge, MTU 65000": ("bridge", 65000),
}

CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
[engine]
runtime = "runc"
"""


def configuration(port, peer, files):
    return f"""{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
daemon off;
pid /tmp/bench-{port}.pid;
error_log stderr error;
events {{ worker_connections 4000; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    upstream app {{ server 127.0.0.1:{peer}; keepalive 100; keepalive_requests 1000000000; }}
    server {{
        listen 0.0.0.0:{port};
        location /file/ {{ root {files}; }}
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


class Podman:
    """With a store, networks and state of our own, all gone at the end."""

    def __init__(self, folder):
        (folder / "containers.conf").write_text(CONTAINERS_CONF)
        self.environment = os.environ | {"CONTAINERS_CONF": str(folder / "containers.conf")}
        (folder / "networks").mkdir()
        self.words = ["podman", "--root", str(folder / "root"), "--runroot", str(folder / "run"),
                      "--network-config-dir", str(folder / "networks"), "--storage-driver", "overlay"]

    def __call__(self, *words, check=True):
        done = subprocess.run(self.words + list(words), capture_output=True, text=True,
                              env=self.environment, timeout=120)
        if check and done.returncode != 0:
            raise SystemExit(f"bench: podman {words[0]}: {done.stderr}")
        return done.stdout.strip()


class Place:
    """A peer and sluice before it, on the host or in a container."""

    def __init__(self, name, folder, build, rootfs, podman, cores):
        self.name, self.podman, self.process, self.container = name, podman, None, None
        self.ports = {"peer": free_port(), "proxy": free_port()}
        self.ports["file"] = self.ports["proxy"]
        self.host = "127.0.0.1"
        network = VARIANTS[name]
        inside = "" if network else str(rootfs)
        programs = "/bench" if network else str(build)
        conf = build / f"conf-{name.replace(' ', '-')}"
        conf.write_text(configuration(self.ports["proxy"], self.ports["peer"], f"{inside}/files"))
        script = (f"{programs}/src/backend/sluice-backend --listen 0.0.0.0:{self.ports['peer']} & "
                  f"{programs}/src/sluice -c {programs}/{conf.name} & wait")
        if not network:
            script = script.replace("0.0.0.0:", "127.0.0.1:")
            self.process = Process(["sh", "-c", script], cores.all, folder / "host.log")
            first = self.process.child.pid
        else:
            self.container = f"sluice-bench-{os.getpid()}-{self.ports['peer']}"
            words = self.network_words(*network)
            podman("run", "-d", "--name", self.container, *words, "-v", "/usr:/usr:ro",
                   "-v", f"{build}:/bench:ro", "--rootfs", f"{rootfs}:O", "sh", "-c", script)
            first = int(podman("inspect", "-f", "{{.State.Pid}}", self.container))
            if network[0] == "bridge":
                self.host = podman("inspect", "-f",
                                   "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", self.container)
        self.wait(first)
        self.pids = self.find_pids(first)
        self.pin(cores)

    def network_words(self, kind, mtu):
        if kind == "host":
            return ["--network", "host"]
        network = f"sluice-bench-{os.getpid()}-{self.ports['peer']}"
        self.podman("network", "create", "--opt", f"mtu={mtu}", network)
        words = ["--network", network]
        if kind == "nat":
            for port in set(self.ports.values()):
                words += ["-p", f"127.0.0.1:{port}:{port}"]
        return words

    def wait(self, first):
        end = time.monotonic() + PATIENCE
        for kind in ("peer", "proxy"):
            while True:
                try:
                    if get(self.ports[kind], host=self.host)[0] == 200:
                        break
                except OSError as error:
                    if time.monotonic() > end or not Path(f"/proc/{first}").exists():
                        raise SystemExit(f"bench: {self.name}: {kind} does not answer: {error}")
                time.sleep(0.02)

    def find_pids(self, first):
        """Of each kind: the processes that serve it."""
        found = [first]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(word) for word in (task / "children").read_text().split()]
        named = {pid: Path(f"/proc/{pid}/comm").read_text().strip() for pid in found}
        sluice = [pid for pid, name in named.items() if name in ("sluice", "nginx")]
        peer = [pid for pid, name in named.items() if name == "sluice-backend"]
        if not sluice or not peer:
            raise SystemExit(f"bench: {self.name}: no process among {named}")
        return {"proxy": sluice, "file": sluice, "peer": peer}

    def pin(self, cores):
        for pids, where in ((self.pids["proxy"], cores.proxy), (self.pids["peer"], cores.others)):
            for pid in pids:
                for task in os.listdir(f"/proc/{pid}/task"):
                    os.sched_setaffinity(int(task), where)

    def target(self, kind):
        return Target(self.name, f"{self.host}:{self.ports[kind]}", self.pids[kind])

    def stop(self):
        if self.process:
            for pid in self.pids["proxy"] + self.pids["peer"]:
                os.kill(pid, 15)
            self.process.stop()
        if self.container:
            self.podman("rm", "-f", "-t", "1", self.container, check=False)


class Target:
    """What a Generator has to know of whom it asks."""

    def __init__(self, name, address, pids):
        self.name, self.address, self.numbers = name, address, pids

    def pids(self):
        return self.numbers


def make_rootfs(folder):
    rootfs = folder / "rootfs"
    for name in ("usr", "etc", "tmp", "proc", "sys", "dev", "run", "bench", "var/tmp", "files/file"):
        (rootfs / name).mkdir(parents=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        (rootfs / name).symlink_to(f"usr/{name}")
    for name in ("passwd", "group", "ld.so.cache", "nsswitch.conf"):
        shutil.copy(f"/etc/{name}", rootfs / "etc" / name)
    for _, size in SIZES:
        with open(rootfs / "files/file" / str(size), "wb") as file:
            file.write(b"x" * size)
    return rootfs


def run(folder, build, rounds, progress, show):
    """All sizes, all kinds; `show` gets each result as it comes."""
    cores = Cores()
    generator = Generator(build, cores.others)
    podman = Podman(folder)
    rootfs = make_rootfs(folder)
    places, results = {}, []
    try:
        for name in VARIANTS:
            places[name] = Place(name, folder, build, rootfs, podman, cores)
        for kind, what in KINDS:
            for title, size in SIZES:
                progress.case(f"{title}, {what}")
                case = Case(f"{kind}-{size}", f"{title}, {what}", kind,
                            path=f"/file/{size}" if kind == "file" else f"/bytes/{size}", size=size,
                            connections=64 if size < MIB else 8 if size == MIB else 2,
                            milliseconds=400 if size <= MIB else 800, rounds=rounds)
                told = []
                for number in range(rounds + 1):
                    progress.show(f"round {number}/{rounds}")
                    order = list(VARIANTS)[:: -1 if number % 2 else 1]
                    told.append({name: generator.slice(case, places[name].target(kind)) for name in order})
                result = {"name": case.name, "title": case.title, "size": title, "bytes": size,
                          "group": kind, "kind": "load", "rounds": rounds,
                          "servers": summarise(told[1:], VARIANTS, "host")}
                results.append(result)
                show(result)
    finally:
        for place in places.values():
            place.stop()
        for network in podman("network", "ls", "-q", check=False).split():
            if network.startswith(f"sluice-bench-{os.getpid()}-"):
                podman("network", "rm", "-f", network, check=False)
        # What an overlay left, runc's mounts among it.
        podman("system", "prune", "-f", check=False)
    return results
