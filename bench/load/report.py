# SPDX-License-Identifier: MIT
"""A run's JSON becomes the tables of docs/PERFORMANCE.md and the charts of docs/performance/.

Only what stands between `<!-- bench: NAME -->` and `<!-- /bench -->` is written; the rest of the page
is a person's."""

import json
import re

import container
from charts import bars

DOWNLOADS = (("download", "download"), ("close", "download, a connection each"),
             ("chunked", "chunked download"), ("upload", "upload"), ("upload-chunked", "chunked upload"))
# The case, what counts, and what was set as the goal before anything was measured.
GOALS = (
    ("20B-keep", "cpu_us", "20 B, keep-alive", "≤ 0.85, goal 0.75"),
    ("20B-close", "cpu_us", "20 B, a connection each", "≤ 0.95, goal 0.85"),
    ("64KiB-keep", "cpu_us", "64 KiB", "≤ 0.50"),
    ("1MiB-keep", "cpu_us", "1 MiB download", "≤ 0.40"),
    ("1MiB-upload", "cpu_us", "1 MiB upload, `proxy_request_buffering off`", "≤ 0.50"),
    ("access-log", "cpu_us", "20 B, access log on (combined, buffered)", "≤ 0.90"),
    ("p99", "p99_us", "p99 at 70 % of nginx's peak rate, 64 connections", "≤ 1"),
    ("idle", "private", "private memory, 9,000 idle connections", "≤ 1.5, goal ≤ 1"),
)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def ratio(case, server, key="cpu_us"):
    """(median, low, high), or None."""
    found = case and case["servers"].get(server, {}).get("ratios", {}).get(key)
    return (found["median"], found["low"], found["high"]) if found else None


def show(value):
    if not value:
        return "–"
    median, low, high = value
    return f"{median:.2f}" if low == high else f"{median:.2f} ({low:.2f}–{high:.2f})"


def number(value):
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def gain(row):
    """Of two workers over one, in the order of ratio()."""
    low, middle, high = row["gains"]
    return middle, low, high


class Report:
    def __init__(self, run):
        self.machine, self.base = run["machine"], run["base"]
        self.cases = {case["name"]: case for case in run["cases"]}
        self.others = [name for name in next(iter(run["cases"]))["servers"] if name != self.base]

    def group(self, name):
        return [case for case in self.cases.values() if case["group"] == name]

    def about(self):
        m = self.machine
        against = "" if self.base == "host" else f", against nginx {m['nginx']} and haproxy {m['haproxy']}"
        return (f"Measured on {m['date']} with `{m['commit']}`: {m['cpu']}, {m['cores']} cores, Linux "
                f"{m['kernel']}{against}; load average before the run {m['load']}, {self.pairs()}.")

    def pairs(self):
        rounds = sorted({case["rounds"] for case in self.cases.values() if case["rounds"] > 1})
        low, high = (rounds[0], rounds[-1]) if rounds else (1, 1)
        if high == 1:
            return "a pair a case"
        return f"{low} pairs a case" if low == high else f"{low} to {high} pairs a case"

    def goals(self):
        rows = []
        for name, key, label, goal in GOALS:
            case = self.cases.get(name)
            if case:
                rows.append([label, goal] + [show(ratio(case, s, key)) for s in self.others])
        workers = self.cases.get("workers")
        if workers:
            gains = [show(gain(workers["servers"][s])) for s in self.others]
            rows.append(["two workers, as a multiple of one", "≥ 1.8"] + gains)
        return table([f"relative to {self.base}", "wanted"] + self.others, rows)

    def costs(self, cases, label=lambda case: case["title"]):
        head = ["", f"{self.base}, µs"] + [f"{s}, CPU" for s in self.others]
        head += [f"{s}, requests/s" for s in self.others]
        rows = []
        for case in cases:
            base = case["servers"][self.base]
            rows.append([label(case), number(base["cpu_us"])]
                        + [show(ratio(case, s)) for s in self.others]
                        + [show(ratio(case, s, "rps")) for s in self.others])
        return table(head, rows)

    def sizes(self):
        return "\n\n".join(f"**{title[0].upper()}{title[1:]}**\n\n" + self.costs(self.group(group))
                           for group, title in DOWNLOADS if self.group(group))

    def connections(self):
        return self.costs(self.group("connections"))

    def strategies(self):
        return self.costs(self.group("strategies"))

    def others_table(self):
        return self.costs(self.group("log") + self.group("tornado") + self.group("wrk"))

    def latencies(self):
        servers = [self.base] + self.others
        rows = []
        for case in self.group("rate") + self.group("connections") + self.group("wrk"):
            row = [case["title"]]
            for server in servers:
                times = [case["servers"][server].get(f"{p}_us") for p in ("p50", "p99", "p999")]
                row.append(" / ".join(f"{t / 1000:.2f}" if t is not None else "–" for t in times))
            rows.append(row + [show(ratio(case, s, "p99_us")) for s in self.others])
        return table(["p50 / p99 / p99.9, ms"] + servers + [f"p99, {s}" for s in self.others], rows)

    def calls(self):
        servers = [self.base] + self.others
        rows = []
        for case in self.cases.values():
            counts = [case["servers"][s].get("calls") for s in servers]
            if case["kind"] != "load" or not all(counts):
                continue
            ours = sorted(counts[servers.index(self.others[0])].items(), key=lambda item: -item[1])
            what = ", ".join(f"{name} {count:.2f}" for name, count in ours if count >= 0.05)
            rows.append([case["title"]] + [f"{sum(c.values()):.1f}" for c in counts] + [what])
        return table([""] + servers + [f"{self.others[0]}'s"], rows)

    def memory(self):
        rows = []
        for name in ("20B-keep", "1MiB-keep", "connections-1000", "idle"):
            case = self.cases.get(name)
            if not case or "private" not in case["servers"][self.base]:
                continue
            row = [case["title"] if name == "idle" else f"after {case['title']}"]
            for server in [self.base] + self.others:
                row.append(" / ".join(f"{case['servers'][server][kind] / 2**20:.1f}"
                                      for kind in ("private", "resident")))
            rows.append(row)
        idle = self.cases.get("idle")
        if idle:
            rows.append(["bytes for each idle connection"]
                        + [f"{idle['servers'][s]['bytes_each']:,.0f}" for s in [self.base] + self.others])
        return table(["private / resident, MiB"] + [self.base] + self.others, rows)

    def workers(self):
        case = self.cases.get("workers")
        if not case:
            return ""
        how = ("requests per second, peers and load on further cores" if case["by"] == "rps" else
               "CPU time per request: this machine has no cores for the load beside those of two workers")
        gains = [show(gain(case["servers"][s])) for s in [self.base] + self.others]
        return f"By {how}.\n\n" + table(["two workers, as a multiple of one"] + [self.base] + self.others,
                                        [["20 B, keep-alive"] + gains])

    def tables(self):
        return {"machine": self.about(), "goals": self.goals(), "sizes": self.sizes(),
                "connections": self.connections(), "strategies": self.strategies(),
                "others": self.others_table(), "latencies": self.latencies(), "calls": self.calls(),
                "memory": self.memory(), "workers": self.workers()}

    def charts(self):
        def rows(cases, key):
            return [(c["title"].split(",")[0].removesuffix(" upload") if c["group"] not in
                     ("connections", "strategies") else c["title"].removeprefix("20 B, "),
                     [ratio(c, s, key) for s in self.others]) for c in cases]

        reference = f"{self.base} = 1"
        drawn = {}
        for group, title in DOWNLOADS:
            if self.group(group):
                drawn[group] = bars(f"CPU time per request, {title}", self.others,
                                    rows(self.group(group), "cpu_us"), reference)
        if self.group("connections"):
            drawn["connections"] = bars("CPU time per request, 20 B, by connections", self.others,
                                        rows(self.group("connections"), "cpu_us"), reference)
        if self.group("strategies"):
            drawn["strategies"] = bars("CPU time per request, 20 B, by strategy", self.others,
                                       rows(self.group("strategies"), "cpu_us"), reference)
        at_rate = self.cases.get("p99")
        if at_rate:
            servers = [self.base] + self.others
            groups = []
            for key in ("p50", "p99", "p999"):
                times = [at_rate["servers"][s][f"{key}_us"] / 1000 for s in servers]
                groups.append((key.replace("999", "99.9"), [(t, t, t) for t in times]))
            drawn["latency"] = bars("Latency at 70 % of nginx's peak rate, ms", servers, groups)
        return drawn


class ContainerReport(Report):
    """Of a run with --container: the host is the base, and each way to reach a container a server."""

    def per_kind(self, kind):
        return [case for case in self.cases.values() if case["group"] == kind]

    def variants(self):
        parts = []
        for kind, what in container.KINDS:
            cases = self.per_kind(kind)
            if not cases:
                continue
            rows = [[case["size"], number(case["servers"]["host"]["cpu_us"])]
                    + [show(ratio(case, s)) for s in self.others] for case in cases]
            both = [[case["size"], number(case["servers"]["host"]["both_us"])]
                    + [show(ratio(case, s, "both_us")) for s in self.others] for case in cases]
            head = ["CPU time of the server", "host, µs"] + self.others
            parts.append(f"**{what[0].upper()}{what[1:]}**\n\n" + table(head, rows) + "\n\n"
                         + table(["server and client together"] + head[1:], both))
        return "\n\n".join(parts)

    def overhead(self):
        """µs more than on the host: for each request of 20 B, and for each MiB of the largest."""
        rows = []
        for kind, what in container.KINDS:
            cases = self.per_kind(kind)
            if len(cases) < 2:
                continue
            for case, unit, per in ((cases[0], "a request of 20 B", 1),
                                    (cases[-1], "a MiB", cases[-1]["bytes"] / 2**20)):
                host = case["servers"]["host"]["both_us"]
                rows.append([f"{what}, {unit}", number(host / per)] + [
                    f"{(ratio(case, s, 'both_us')[0] - 1) * host / per:+,.1f}" for s in self.others])
        return table(["µs, server and client together", "host"] + self.others, rows)

    def tables(self):
        return {"container-machine": self.about(), "container": self.variants(),
                "container-overhead": self.overhead()}

    def charts(self):
        return {f"container-{kind}": bars(
            f"CPU time of server and client, {what}", self.others,
            [(case["size"], [ratio(case, s, "both_us") for s in self.others])
             for case in self.per_kind(kind)], "host = 1")
            for kind, what in container.KINDS if self.per_kind(kind)}


def replace_parts(page, tables):
    """The page with what stands between its markers written anew, where there is something new."""
    def written(match):
        name = match[1]
        if name not in tables:
            return match[0]
        return f"<!-- bench: {name} -->\n{tables[name]}\n<!-- /bench -->"

    return re.sub(r"<!-- bench: ([\w-]+) -->\n.*?<!-- /bench -->", written, page, flags=re.S)


def write(root, file):
    """docs/PERFORMANCE.md and docs/performance/ from a run's JSON."""
    run = json.loads(file.read_text())
    report = (ContainerReport if run["base"] == "host" else Report)(run)
    page = root / "docs/PERFORMANCE.md"
    page.write_text(replace_parts(page.read_text(), report.tables()))
    for name, drawing in report.charts().items():
        (root / "docs/performance" / f"{name}.svg").write_text(drawing)
