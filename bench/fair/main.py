# SPDX-License-Identifier: MIT
"""Does fair deserve its name? Real peers, real sockets, real time: what clients get of each method.

usage: main.py SLUICE DOCS     rewrites the part between the markers of DOCS/BALANCING.md, and the
                               picture DOCS/balancing/fair.svg
"""
import asyncio
import os
import pathlib
import subprocess
import sys
import tempfile

import clients
import picture
from peers import Peer
from scenarios import METHODS, SCENARIOS, SECONDS

RATE = 300          # requests a second
SEED = 1
LEAST_SHARE = 0.005  # below that a peer starves
RECOVERED = 0.8      # of an equal share
BEGIN, END = "<!-- scripts/fair: begin -->", "<!-- scripts/fair: end -->"


def configuration(method, peers, folder):
    servers = "\n".join(f"    server 127.0.0.1:{peer.port};" for peer in peers)
    return f"""{"user root;" if os.geteuid() == 0 else ""}
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log notice;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  upstream peers {{ {method}
{servers}
    keepalive 256;
  }}
  server {{ listen 127.0.0.1:0; location / {{ proxy_pass http://peers; }} }}
}}
"""


async def start(binary, folder, text):
    """The running proxy and its port, once it says that it is ready."""
    path = pathlib.Path(folder, "nginx.conf")
    path.write_text(text)
    process = subprocess.Popen([binary, "-p", folder, "-c", str(path)], stderr=subprocess.DEVNULL)
    log = pathlib.Path(folder, "error.log")
    while process.poll() is None:
        lines = log.read_text().splitlines() if log.exists() else []
        listening = [line for line in lines if "listening on 127.0.0.1:" in line]
        if listening and any("is ready" in line for line in lines):
            return process, int(listening[0].split("listening on 127.0.0.1:")[1].split()[0])
        await asyncio.sleep(0.05)
    sys.exit(f"{binary} did not start: {log.read_text() if log.exists() else ''}")


async def run(binary, scenario, method):
    peers = [Peer(name, plan) for name, plan in zip("ABC", scenario.plans)]
    for peer in peers:
        await peer.open()
    with tempfile.TemporaryDirectory(prefix="fair-") as folder:
        process, port = await start(binary, folder, configuration(method, peers, folder))
        loop = asyncio.get_running_loop()
        began = loop.time()
        plans = [asyncio.create_task(peer.follow_plan(began, began + SECONDS)) for peer in peers]
        answers = await clients.run(port, RATE, SECONDS, began, SEED)
        await asyncio.gather(*plans)
        process.terminate()
        process.wait()
    for peer in peers:
        peer.close()
    return answers


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def recovery(answers, scenario):
    """Seconds from the change until C has its share again, over one second; None: never."""
    at = scenario.changes
    while at + 1 <= SECONDS:
        inside = [a.peer for a in answers if at <= a.at < at + 1]
        if inside.count("C") / len(inside) >= RECOVERED / 3:
            return at - scenario.changes
        at += 0.1
    return None


class Figures:
    def __init__(self, answers, scenario):
        times = [a.took * 1000 for a in answers]
        self.mean = sum(times) / len(times)
        self.p99 = percentile(times, 0.99)
        self.errors = sum(1 for a in answers if not a.peer)
        self.shares = {name: sum(1 for a in answers if a.peer == name) / len(answers) for name in "ABC"}
        self.recovery = recovery(answers, scenario) if scenario.recovers else None

    def caption(self):
        return f"mean {self.mean:.1f} ms, p99 {self.p99:.0f} ms"


def table(rows):
    lines = ["| scenario | method | mean | p99 | errors | A | B | C | C is back after |",
             "|---|---|---|---|---|---|---|---|---|"]
    for scenario, figures in rows:
        for method, f in figures.items():
            back = "" if not scenario.recovers else "never" if f.recovery is None else f"{f.recovery:.1f} s"
            shares = " | ".join(f"{share * 100:.1f} %" for share in f.shares.values())
            lines.append(f"| {scenario.title} | {method} | {f.mean:.1f} ms | {f.p99:.1f} ms | {f.errors} | "
                         f"{shares} | {back} |")
    return "\n".join(lines)


def verdicts(rows):
    """What was promised of fair, and whether it was kept."""
    out = []
    for scenario, figures in rows:
        fair = figures["fair"]
        others = [f for method, f in figures.items() if method != "fair"]
        for what, value in (("mean", lambda f: f.mean), ("p99", lambda f: f.p99)):
            if value(fair) > min(map(value, others)):
                best = min(figures, key=lambda method: value(figures[method]))
                out.append(f"{scenario.key}: {what} of fair {value(fair):.1f} ms, of {best} {value(figures[best]):.1f} ms")
        if min(fair.shares.values()) < LEAST_SHARE:
            out.append(f"{scenario.key}: a peer starves: {fair.shares}")
        if scenario.recovers and (fair.recovery is None or fair.recovery > 10):
            out.append(f"{scenario.key}: C was not back within 10 s")
    return out


async def study(binary):
    rows = []
    count = len(SCENARIOS) * len(METHODS)
    for number, scenario in enumerate(SCENARIOS):
        results = {}
        for position, (name, line) in enumerate(METHODS):
            print(f"[{number * len(METHODS) + position + 1}/{count}] {scenario.title}: {name} …",
                  end=" ", file=sys.stderr, flush=True)
            answers = await run(binary, scenario, line)
            figures = Figures(answers, scenario)
            print(figures.caption(), file=sys.stderr)
            results[name] = (answers, figures)
        rows.append((scenario, results))
    return rows


def write(docs, rows):
    folder = pathlib.Path(docs, "balancing")
    folder.mkdir(exist_ok=True)
    drawn = [(scenario, {name: (answers, f.caption()) for name, (answers, f) in results.items()})
             for scenario, results in rows]
    changes = {"slow": [6], "fast": [6], "fails": [5, 10]}
    svg = picture.draw(drawn, [name for name, _ in METHODS], SECONDS, lambda s: changes.get(s.key, []))
    (folder / "fair.svg").write_text(svg)
    page = pathlib.Path(docs, "BALANCING.md")
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = [(scenario, {name: f for name, (_, f) in results.items()}) for scenario, results in rows]
    page.write_text(f"{before}{BEGIN}\n![shares over time](balancing/fair.svg)\n\n{table(figures)}\n{END}{after}")
    return verdicts(figures)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rows = asyncio.run(study(sys.argv[1]))
    complaints = write(sys.argv[2], rows)
    for complaint in complaints:
        print("not as promised:", complaint)
    print("fair is as promised" if not complaints else f"{len(complaints)} promises not kept")


main()
