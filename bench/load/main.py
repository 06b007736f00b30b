# SPDX-License-Identifier: MIT
"""scripts/bench: which cases, which servers, where the results go."""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import container
import report
from cases import all_cases
from progress import Progress
from run import Bench
from servers import raise_limits

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def read_options():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=(
        "sluice, nginx and haproxy in turns on this machine: ratios of CPU time per request, requests "
        "per second, latencies, memory, system calls."))
    parser.add_argument("cases", nargs="*", metavar="CASE", help="these alone (--list names them)")
    parser.add_argument("--quick", action="store_true", help="five cases, under two minutes")
    parser.add_argument("--against", metavar="REV", help="compare with this version of ours")
    parser.add_argument("--container", action="store_true",
                        help="what a container costs: host, host network, bridge, NAT, MTU")
    parser.add_argument("--rounds", type=int, help="pairs a case instead of the usual number")
    parser.add_argument("--json", type=Path, help="where the results go; default build/bench/….json")
    parser.add_argument("--write", action="store_true",
                        help="write docs/PERFORMANCE.md from this run; a run of all cases does so anyway")
    parser.add_argument("--report", type=Path, metavar="JSON",
                        help="write docs/PERFORMANCE.md from this run of before, and measure nothing")
    parser.add_argument("--list", action="store_true", help="name the cases")
    return parser.parse_args()


def choose(options):
    cases = all_cases()
    if options.quick:
        cases = [case for case in cases if case.quick]
    if options.cases:
        known = {case.name for case in cases}
        for name in options.cases:
            if name not in known:
                raise SystemExit(f"bench: no case \"{name}\"; scripts/bench --list names them")
        cases = [case for case in cases if case.name in options.cases]
    if options.quick:
        cases = [replace(case, rounds=9) for case in cases]
    if options.rounds:
        cases = [replace(case, rounds=options.rounds) for case in cases]
    return cases


def git(*words):
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def build_other(revision):
    """Another version of ours, built below build/against/ and kept there."""
    commit = git("rev-parse", "--short=12", f"{revision}^{{commit}}")
    if not commit:
        raise SystemExit(f"bench: no revision \"{revision}\"")
    folder = BUILD / "against" / commit
    program = folder / "build/src/sluice"
    if not program.exists():
        print(f"building {revision} ({commit}) in {folder.relative_to(ROOT)}", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
        # Not the shared state of our own build folder, but the same options.
        done = subprocess.run([str(folder / "scripts/build"), "build", "--", "src/sluice"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: {revision} does not build:\n{done.stdout}{done.stderr}")
    return str(program)


def copy_programs(folder):
    """What was built, out of the way of whoever builds again while we measure."""
    for name in ("src/sluice", "src/backend/sluice-backend", "bench/load/sluice-load"):
        copy = folder / "build" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(BUILD / name, copy)
    return folder / "build"


def version_of(command, pattern):
    done = subprocess.run(command, capture_output=True, text=True)
    match = re.search(pattern, done.stdout + done.stderr)
    return match[1] if match else "?"


def about_machine():
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "commit": git("describe", "--always", "--dirty"),
        "cpu": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 1),
        "nginx": version_of(["/usr/sbin/nginx", "-v"], r"nginx/(\S+)"),
        "haproxy": version_of(["/usr/sbin/haproxy", "-v"], r"version (\d+\.\d+\.\d+)"),
    }


def ratio_text(row, key):
    if key not in row.get("ratios", {}):
        return ""
    ratio = row["ratios"][key]
    return f"{ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})"


def lines_of(result, base):
    """What is printed of a case: a line a server."""
    if result["kind"] == "idle":
        for name, row in result["servers"].items():
            yield (f"{result['title']:<28} {name:<9} {row['private'] / 2**20:6.1f} MiB private, "
                   f"{row['bytes_each']:5.0f} bytes each, {row['ratios']['private']['median']:.2f}")
        return
    for name, row in result["servers"].items():
        extra = ""
        if "gains" in row:
            low, middle, high = row["gains"]
            extra = f"  two workers: {middle:.2f} ({low:.2f}–{high:.2f}) by {result['by']}"
        if "calls" in row:
            extra += f"  {sum(row['calls'].values()):.1f} calls"
        yield (f"{result['title']:<28} {name:<9} {row['cpu_us']:8.1f} µs {ratio_text(row, 'cpu_us'):<18}"
               f"{row['rps']:9,.0f}/s {ratio_text(row, 'rps'):<18} p99 {row['p99_us'] / 1000:7.2f} ms "
               f"{ratio_text(row, 'p99_us'):<18} {row['busy']:4.0%}{extra}")


def run_containers(options):
    whole = {"machine": about_machine(), "base": "host"}
    print("CPU time a request of the server, and of server and client together, each with its ratio to "
          "the host's: median of pairs (quartiles)")

    def show(result):
        lines = []
        for name, row in result["servers"].items():
            lines.append(f"{result['title']:<28} {name:<18} {row['cpu_us']:10.1f} µs {ratio_text(row, 'cpu_us'):<18} "
                         f"{row['both_us']:10.1f} µs {ratio_text(row, 'both_us'):<18}{row['rps']:9,.0f}/s")
        progress.done("\n".join(lines))

    progress = Progress(len(container.KINDS) * len(container.SIZES))
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        build = copy_programs(Path(folder))
        whole["cases"] = container.run(Path(folder), build, options.rounds or 7, progress, show)
    where = options.json or BUILD / "bench/container.json"
    save(whole, where)
    report.write(ROOT, where)


def save(whole, where):
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def main():
    options = read_options()
    cases = choose(options)
    if options.list:
        for case in cases:
            print(f"{case.name:<24}{case.title}")
        return
    if options.report:
        report.write(ROOT, options.report)
        return
    raise_limits()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.container:
        run_containers(options)
        return
    programs, base = {"nginx": "/usr/sbin/nginx", "haproxy": "/usr/sbin/haproxy"}, "nginx"
    if options.against:
        programs, base = {options.against: build_other(options.against)}, options.against

    machine = about_machine()
    print(f"{machine['commit']} on {machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}; "
          f"nginx {machine['nginx']}, haproxy {machine['haproxy']}; load average before: {machine['load']}")
    print(f"CPU time a request, requests a second, p99, each with its ratio to {base}'s: median of "
          "pairs (quartiles); how busy the core was")
    kind = "quick" if options.quick else "some" if options.cases or options.against else "all"
    where = options.json or BUILD / "bench" / f"{kind}.json"
    results, failed = [], []
    progress = Progress(len(cases))
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
        build = copy_programs(Path(folder))
        programs = {"sluice": str(build / "src/sluice")} | programs
        bench = Bench(ROOT, build, Path(folder), programs, base, progress)
        try:
            for case in cases:
                try:
                    result = bench.run(case, quick=options.quick)
                except SystemExit as error:
                    if isinstance(error.code, int):  # we are told to end
                        raise
                    failed.append(case.name)
                    progress.done(f"{case.title}: {error.code}")
                    bench.stop_proxies()
                    continue
                results.append(result)
                progress.done("\n".join(lines_of(result, base)))
                save({"machine": machine, "base": base, "cases": results}, where)
        finally:
            bench.stop()

    if results and (options.write or kind == "all"):
        report.write(ROOT, where)
    print(f"{len(results)} cases in {time.monotonic() - progress.began:.0f} s, "
          f"all of it in {os.path.relpath(where)}")
    if failed:
        raise SystemExit(f"bench: failed: {' '.join(failed)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
