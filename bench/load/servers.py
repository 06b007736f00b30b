# SPDX-License-Identifier: MIT
"""Starts and ends the processes that are measured: peers, and sluice, nginx and haproxy before them,
each pinned to its cores, on ports of the system's choice, with configurations that mean the same."""

import ctypes
import http.client
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from cases import Setup

PATIENCE = 20.0  # seconds for a server to come up
KEPT = 1100  # connections to peers: one for each of 1,000 clients, and some
CONNECTIONS = 19000  # worker_connections
DESCRIPTORS = 2 * CONNECTIONS


def raise_limits():
    """Descriptors for ten thousand connections, as far as we may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (DESCRIPTORS, hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
            return
        except (ValueError, OSError):
            continue


PATTERN = bytes(ord("a") + i for i in range(23))  # what sluice-backend's bodies repeat


class Cores:
    """Who runs where: proxies on the first, peers and load on the others."""

    def __init__(self):
        allowed = sorted(os.sched_getaffinity(0))
        self.all = set(allowed)
        self.proxy = {allowed[0]}
        self.others = set(allowed[1:]) or self.proxy

    def pair(self):
        """Two cores for two workers, and what is left for the rest (all, where nothing is)."""
        allowed = sorted(self.all)
        return set(allowed[:2]), set(allowed[2:]) if len(allowed) >= 4 else self.all


class Process:
    """A child that ends with us, whatever happens to us."""

    def __init__(self, command, cores, log):
        libc = ctypes.CDLL(None)

        def prepare():
            libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            os.sched_setaffinity(0, cores)

        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                          stderr=output, preexec_fn=prepare)

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def pids(self):
        """It and all that descend from it."""
        found = [self.child.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(word) for word in (task / "children").read_text().split()]
        return found

    def memory(self):
        """Resident and private bytes of all of them."""
        resident = private = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if name == "Rss":
                    resident += int(rest.split()[0]) * 1024
                elif name in ("Private_Clean", "Private_Dirty"):
                    private += int(rest.split()[0]) * 1024
        return resident, private


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path="/", host="127.0.0.1"):
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_it_answers(process, port):
    """Nothing tells us of a server that begins to listen: it is asked until it answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return get(port)
        except OSError as error:
            if process.child.poll() is not None or time.monotonic() > end:
                said = Path(process.log).read_text(errors="replace")[-2000:]
                raise SystemExit(f"bench: {process.child.args[0]} does not answer: {error}\n{said}")
            time.sleep(0.01)


class Peers:
    """Two peers, a process each, as the proxies' upstream."""

    def __init__(self, root, build, folder, kind, cores):
        self.kind = kind
        self.ports = []
        self.processes = []
        for number in range(2):
            port = free_port()
            if kind == "tornado":
                command = ["/usr/bin/python3", "-B", str(root / "conf/main.py"), f"--port={port}"]
            else:
                command = [str(build / "src/backend/sluice-backend"), "--listen", f"127.0.0.1:{port}"]
            process = Process(command, cores, folder / f"{kind}{number}.log")
            self.processes.append(process)
            self.ports.append(port)
            try:
                wait_until_it_answers(process, port)
            except BaseException:
                self.stop()
                raise

    def stop(self):
        for process in self.processes:
            process.stop()

    def expected(self, path):
        """The body that an answer to this path must have; None: any."""
        if self.kind == "tornado":
            return b"Hello, Tornado"
        name, _, size = path.strip("/").partition("/")
        if name not in ("bytes", "chunked"):
            return None
        return (PATTERN * (int(size) // 23 + 1))[: int(size)]


def nginx_text(setup: Setup, port, peers, folder, own=""):
    """For nginx and for sluice, which reads the same; `own` are lines that only nginx needs."""
    strategy = {"ip-hash": "ip_hash;", "fair": "fair;", "url-hash": "hash $request_uri;"}
    weights = (3, 7) if setup.strategy == "weight" else (1, 1)
    servers = " ".join(f"server 127.0.0.1:{p} weight={w};" for p, w in zip(peers, weights))
    log = f"{folder}/access.log combined buffer=64k flush=1s" if setup.access_log else "off"
    load_fair = "load_module /usr/lib/nginx/modules/ngx_http_upstream_fair_module.so;"
    return f"""{load_fair if own and setup.strategy == "fair" else ""}
{"user root;" if os.geteuid() == 0 else ""}
worker_processes {setup.workers};
worker_rlimit_nofile {resource.getrlimit(resource.RLIMIT_NOFILE)[0]};
daemon off;
pid {folder}/pid;
error_log {folder}/error.log error;
events {{ worker_connections {CONNECTIONS}; }}
http {{
    access_log {log};
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    {own}
    upstream app {{
        {strategy.get(setup.strategy, "")}
        {servers}
        keepalive {KEPT};
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_request_buffering off;
        }}
    }}
}}
"""


def haproxy_text(setup: Setup, port, peers):
    balance = {"ip-hash": "source", "fair": "leastconn", "url-hash": "uri"}
    weights = (3, 7) if setup.strategy == "weight" else (1, 1)
    servers = "\n".join(
        f"    server peer{n} 127.0.0.1:{p} weight {w}" for n, (p, w) in enumerate(zip(peers, weights))
    )
    return f"""global
    nbthread {setup.workers}
    maxconn {min(CONNECTIONS // 2, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2 - 400)}
    maxpipes 200
    {"log stdout format raw local0" if setup.access_log else ""}
defaults
    mode http
    timeout connect 60s
    timeout client 600s
    timeout server 60s
    timeout http-keep-alive 600s
    http-reuse always
    option splice-request
    option splice-response
    {"log global" if setup.access_log else ""}
    {"option httplog" if setup.access_log else ""}
frontend clients
    bind 127.0.0.1:{port} backlog 4096
    default_backend app
backend app
    balance {balance.get(setup.strategy, "roundrobin")}
{servers}
"""


class Proxy:
    """One of the three, before these peers."""

    def __init__(self, name, program, setup, peers, folder, cores):
        self.name = name
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        conf = self.folder / "conf"
        if name == "haproxy":
            conf.write_text(haproxy_text(setup, self.port, peers.ports))
            command = [program, "-db", "-f", str(conf)]
        else:
            own = ""
            if name == "nginx":
                kinds = ("fastcgi", "uwsgi", "scgi")
                own = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
            conf.write_text(nginx_text(setup, self.port, peers.ports, self.folder, own))
            command = [program, "-p", str(self.folder), "-c", str(conf)]
            command += ["-e", str(self.folder / "error.log")] if name == "nginx" else []
        self.process = Process(command, cores, self.folder / "output.log")
        try:
            wait_until_it_answers(self.process, self.port)
        except BaseException:  # nginx's workers outlive a master that is killed
            self.process.stop()
            raise

    def pids(self):
        return self.process.pids()

    def check(self, path, expected):
        status, body = get(self.port, path)
        if status != 200 or (expected is not None and body != expected):
            raise SystemExit(f"bench: {self.name} answers {path} with {status} and a wrong body")

    def stop(self):
        self.process.stop()
