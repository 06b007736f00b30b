# SPDX-License-Identifier: MIT
"""Slices and what follows from them.

A slice is one server under load for a moment.  The servers take turns, forwards and backwards (A B C,
C B A, …), so that whatever else the machine does meets all alike; each round gives one ratio, and
what is quoted is the median of those, with the quartiles beside it."""

import json
import os
import re
import signal
import statistics
import subprocess


def quartiles(values):
    """Lower quartile, median, upper quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


class Generator:
    def __init__(self, build, cores):
        self.program = str(build / "bench/load/sluice-load")
        self.cores = cores

    def words(self, case, proxy, **more):
        words = [self.program, "--connect", proxy.address, "--path", case.path,
                 "--connections", str(case.connections)]
        if case.upload:
            words += ["--upload", str(case.size)] + (["--chunked"] if case.chunked else [])
        if not case.keep_alive:
            words.append("--close")
        for pid in proxy.pids():
            words += ["--watch", str(pid)]
        for option, value in more.items():
            words += [f"--{option}"] + ([] if value is True else [str(value)])
        return words

    def start(self, words):
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                preexec_fn=lambda: os.sched_setaffinity(0, self.cores))

    def result(self, proxy, line):
        if not line.startswith("{"):
            raise SystemExit(f"bench: the load before {proxy.name} failed")
        result = json.loads(line)
        if result["errors"] or not result["requests"]:
            raise SystemExit(f"bench: {proxy.name} failed {result['errors']} requests of "
                             f"{result['requests'] + result['errors']}")
        return result

    def slice(self, case, proxy, **more):
        """One slice: what is told of each server in a round."""
        more.setdefault("milliseconds", case.milliseconds)
        load = self.start(self.words(case, proxy, **more))
        result = self.result(proxy, load.communicate()[0])
        requests, seconds = result["requests"], result["elapsed_ns"] / 1e9
        return {
            "requests": requests,
            "cpu_us": result["cpu_ns"] / requests / 1000,
            "rps": requests / seconds,
            "busy": result["cpu_ns"] / result["elapsed_ns"],  # of a core
            "both_us": (result["cpu_ns"] + result["own_cpu_ns"]) / requests / 1000,  # with the client's
            "load_us": result["own_cpu_ns"] / requests / 1000,
            "p50_us": result["p50_ns"] / 1000,
            "p99_us": result["p99_ns"] / 1000,
            "p999_us": result["p999_ns"] / 1000,
        }

    def held(self, case, proxy, during):
        """Calls `during` while all connections are open and idle."""
        load = self.start(self.words(case, proxy, requests=1, wait=True))
        try:
            if load.stdout.readline() != "ready\n":
                raise SystemExit(f"bench: {proxy.name} does not take {case.connections} connections")
            return during()
        finally:
            load.communicate("\n")

    def system_calls(self, case, proxy, requests):
        """Which system calls a request takes: {name: calls per request}."""
        load = self.start(self.words(case, proxy, requests=requests, wait=True))
        tracer = None
        try:
            if load.stdout.readline() != "ready\n":
                raise SystemExit(f"bench: the load before {proxy.name} failed")
            pids = proxy.pids()
            words = ["strace", "-c", "-f"] + [word for pid in pids for word in ("-p", str(pid))]
            tracer = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
            attached = 0
            while attached < len(pids):  # one line for each process
                line = tracer.stderr.readline()
                if not line:
                    raise SystemExit("bench: strace cannot attach")
                attached += "attached" in line
            load.stdin.write("\n")
            load.stdin.flush()
            result = self.result(proxy, load.stdout.readline())
            tracer.send_signal(signal.SIGINT)
            counted = tracer.communicate()[1]
        finally:
            load.communicate("\n")
            if tracer and tracer.poll() is None:
                tracer.kill()
                tracer.wait()
        return {name: calls / result["requests"] for name, calls in read_strace(counted).items()}


def read_strace(text):
    """{name: calls} of what `strace -c` printed."""
    row = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$")
    rows = (row.match(line) for line in text.splitlines())
    return {match[2]: int(match[1]) for match in rows if match and match[2] != "total"}


def summarise(rounds, servers, base):
    """Of each server the medians of its slices, and the paired ratios to `base`."""
    summary = {}
    for server in servers:
        slices = [each[server] for each in rounds]
        row = {key: statistics.median(s[key] for s in slices) for key in slices[0]}
        row["requests"] = sum(s["requests"] for s in slices)
        row["ratios"] = {}
        for key in slices[0]:
            if key in ("requests", "busy", "load_us"):
                continue
            ratios = [each[server][key] / each[base][key] for each in rounds if each[base][key]]
            low, middle, high = quartiles(ratios)
            row["ratios"][key] = {"median": middle, "low": low, "high": high, "all": ratios}
        summary[server] = row
    return summary
