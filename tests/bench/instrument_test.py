#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does scripts/bench measure what it says?

    instrument_test.py BUILD_FOLDER
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/load"))
sys.dont_write_bytecode = True
BUILD = Path(sys.argv.pop(1)).resolve()

import charts
import measure
import report
import wrk
from cases import STRATEGIES, Case, Setup, all_cases
from servers import Peers, nginx_text


class Ratios(unittest.TestCase):
    def test_are_of_the_pair_and_not_of_the_medians(self):
        # The machine got slower from round to round; each pair says 0.5.
        rounds = [{"a": {"requests": 1, "cpu_us": us / 2}, "b": {"requests": 1, "cpu_us": us}}
                  for us in (10.0, 20.0, 90.0)]
        told = measure.summarise(rounds, ["a", "b"], "b")["a"]["ratios"]["cpu_us"]
        self.assertEqual((told["low"], told["median"], told["high"]), (0.5, 0.5, 0.5))

    def test_have_their_quartiles_beside_them(self):
        self.assertEqual(measure.quartiles([1.0, 2.0, 3.0, 4.0, 5.0]), (2.0, 3.0, 4.0))
        self.assertEqual(measure.quartiles([7.0]), (7.0, 7.0, 7.0))


class OtherPrograms(unittest.TestCase):
    def test_strace_is_read(self):
        text = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.006000           3      2000           writev
 40.00    0.004000           2      2010        10 recvfrom
------ ----------- ----------- --------- --------- ----------------
100.00    0.010000           2      4010        10 total
"""
        self.assertEqual(measure.read_strace(text), {"writev": 2000, "recvfrom": 2010})

    def test_wrk_is_read(self):
        text = """  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.50ms    1.00ms  20.00ms   80.00%
  Latency Distribution
     50%  900.00us
     75%    3.00ms
     99%    1.20s
  25000 requests in 1.00s, 3.00MB read
Requests/sec:  24900.50
"""
        self.assertEqual(wrk.read(text),
                         (25000, {"50%": 900.0, "75%": 3000.0, "99%": 1200000.0}, 24900.5))


class Page(unittest.TestCase):
    def test_is_written_between_its_markers_only(self):
        page = "before\n<!-- bench: sizes -->\nold\n<!-- /bench -->\nafter\n"
        new = report.replace_parts(page, {"sizes": "new"})
        self.assertEqual(new, "before\n<!-- bench: sizes -->\nnew\n<!-- /bench -->\nafter\n")
        self.assertEqual(report.replace_parts(new, {"sizes": "new"}), new)

    def test_has_a_place_for_every_table(self):
        case = {"name": "20B-keep", "title": "20 B", "group": "download", "kind": "load", "rounds": 3,
                "servers": {name: {"cpu_us": 1.0, "ratios": {}} for name in ("sluice", "nginx")}}
        machine = dict.fromkeys(("date", "commit", "cpu", "cores", "kernel", "load", "nginx", "haproxy"), "?")
        made = report.Report({"machine": machine, "base": "nginx", "cases": [case]}).tables()
        wanted = re.findall(r"<!-- bench: ([\w-]+) -->", (ROOT / "docs/PERFORMANCE.md").read_text())
        made |= report.ContainerReport({"machine": machine, "base": "host", "cases": [
            case | {"servers": {"host": {}, "bridge": {}}}]}).tables()
        self.assertEqual(sorted(wanted), sorted(made))

    def test_chart_says_every_value(self):
        svg = charts.bars("T & U", ["a", "b"], [("20 B", [(0.5, 0.4, 0.6), None])], "c = 1")
        self.assertIn("T &amp; U", svg)
        self.assertIn(">0.50<", svg)
        self.assertIn("prefers-color-scheme: dark", svg)


class Cases(unittest.TestCase):
    def test_have_names_of_their_own(self):
        names = [case.name for case in all_cases()]
        self.assertEqual(len(names), len(set(names)))
        for name, *_ in report.GOALS:
            self.assertIn(name, names)

    def test_have_configurations_that_sluice_takes(self):
        for strategy in STRATEGIES:
            with self.subTest(strategy), tempfile.TemporaryDirectory() as folder:
                conf = Path(folder) / "conf"
                conf.write_text(nginx_text(Setup(strategy, access_log=True), 8080, (8001, 8002), folder))
                done = subprocess.run([BUILD / "src/sluice", "-t", "-p", folder, "-c", conf],
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("warn", done.stderr)


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.peers = Peers(ROOT, BUILD, Path(cls.folder.name), "backend", {0})

    @classmethod
    def tearDownClass(cls):
        cls.peers.stop()
        cls.folder.cleanup()

    def ask(self, path, *words):
        command = [BUILD / "bench/load/sluice-load", "--connect", f"127.0.0.1:{self.peers.ports[0]}",
                   "--path", path, "--watch", str(self.peers.processes[0].child.pid), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def check(self, told, requests):
        self.assertEqual((told["requests"], told["errors"]), (requests, 0))
        self.assertGreater(told["cpu_ns"], 0)
        self.assertGreaterEqual(told["max_ns"], told["p999_ns"])
        self.assertGreaterEqual(told["p999_ns"], told["p50_ns"])

    def test_asks_as_often_as_it_should(self):
        for path in ("/bytes/20", "/bytes/100000", "/chunked/100000", "/close/100000", "/bytes/0"):
            with self.subTest(path):
                self.check(self.ask(path, "--requests", "100", "--connections", "7"), 100)
                self.check(self.ask(path, "--requests", "100", "--connections", "7", "--close"), 100)

    def test_uploads(self):
        for size in ("1", "65536", "3000001"):
            for more in ((), ("--chunked",), ("--close",)):
                with self.subTest(size=size, more=more):
                    self.check(self.ask("/sum", "--upload", size, "--requests", "20",
                                        "--connections", "3", *more), 20)

    def test_keeps_a_rate(self):
        told = self.ask("/bytes/20", "--rate", "200", "--milliseconds", "500", "--connections", "4")
        self.check(told, 100)
        self.assertGreaterEqual(told["elapsed_ns"], 490_000_000)

    def test_says_when_the_server_does_not_answer_well(self):
        self.assertIn("does not answer", self.ask("/status/500"))


if __name__ == "__main__":
    unittest.main()
