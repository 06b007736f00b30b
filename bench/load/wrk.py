# SPDX-License-Identifier: MIT
"""A slice by wrk: the check that our own generator favours nobody."""

import os
import re
import subprocess
import time

UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}


def cpu_ns(pids):
    # The CPU clock of another process, as clock_getcpuclockid(3) makes it.
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids)


def read(text):
    """(requests, {"50%": µs, "99%": µs}, requests per second) of what wrk --latency printed."""
    requests = int(re.search(r"(\d+) requests in", text)[1])
    latencies = {share: float(value) * UNITS[unit]
                 for share, value, unit in re.findall(r"(\d+%)\s+([\d.]+)(us|ms|s)\b", text)}
    return requests, latencies, float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def slice(case, proxy, cores):
    pids = proxy.pids()
    before, began = cpu_ns(pids), time.monotonic_ns()
    done = subprocess.run(
        ["wrk", "-t1", f"-c{case.connections}", f"-d{max(1, case.milliseconds // 1000)}s", "--latency",
         f"http://{proxy.address}{case.path}"],
        capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, cores))
    used, elapsed = cpu_ns(pids) - before, time.monotonic_ns() - began
    if done.returncode or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"bench: wrk before {proxy.name}: {done.stdout}{done.stderr}")
    requests, latencies, rps = read(done.stdout)
    return {"requests": requests, "cpu_us": used / requests / 1000, "rps": rps,
            "busy": used / elapsed, "p50_us": latencies["50%"], "p99_us": latencies["99%"]}
