# SPDX-License-Identifier: MIT
"""Runs cases: starts what each needs, measures in turns, and gives what is kept of it as plain data
(the JSON that the tables and charts are made of)."""

from dataclasses import replace
from statistics import median

import wrk
from cases import Setup
from measure import Generator, quartiles, summarise
from servers import Cores, Peers, Proxy

COUNTED = 2000  # requests under strace


class Bench:
    """`programs` are {name: path} in the order they take their turns; `base` is what they are
    compared with."""

    def __init__(self, root, build, folder, programs, base, progress):
        self.root, self.build, self.folder = root, build, folder
        self.programs, self.base, self.progress = programs, base, progress
        self.cores = Cores()
        self.generator = Generator(build, self.cores.others)
        self.peers = {}
        self.proxies = {}
        self.setup = None

    def stop(self):
        self.stop_proxies()
        for peers in self.peers.values():
            peers.stop()

    def stop_proxies(self):
        for proxy in self.proxies.values():
            proxy.stop()
        self.proxies, self.setup = {}, None

    def start(self, setup, path, cores=None):
        """The proxies of this setup, fresh unless they are running already; each has answered
        this path as it should."""
        peers = self.peers.get(setup.peers)
        if peers is None:
            peers = Peers(self.root, self.build, self.folder, setup.peers, self.cores.others)
            self.peers[setup.peers] = peers
        if setup != self.setup or cores:
            self.stop_proxies()
            for name, program in self.programs.items():
                self.proxies[name] = Proxy(name, program, setup, peers, self.folder,
                                           cores or self.cores.proxy)
            self.setup = None if cores else setup
        for proxy in self.proxies.values():
            proxy.check(path, peers.expected(path))

    def run(self, case, quick=False):
        self.progress.case(case.title)
        by_kind = {"load": self.load, "rate": self.rate, "idle": self.idle,
                   "workers": self.workers, "wrk": self.wrk}
        result = by_kind[case.kind](case, quick)
        about = {"name": case.name, "title": case.title, "group": case.group, "kind": case.kind,
                 "size": case.size, "connections": case.connections, "rounds": case.rounds,
                 "milliseconds": case.milliseconds}
        return about | result

    def take_turns(self, case, slice_of):
        """Rounds of one slice a server, forwards and backwards; one round before them warms."""
        rounds = []
        for number in range(case.rounds + 1):
            order = list(self.proxies)
            if number % 2:
                order.reverse()
            rounds.append({name: slice_of(name) for name in order})
            done = rounds[1:]
            ratios = {n: median(r[n]["cpu_us"] / r[self.base]["cpu_us"] for r in done)
                      for n in self.proxies if done}
            self.progress.show(f"round {number}/{case.rounds}  " + "  ".join(
                f"{n} {ratio:.2f}" for n, ratio in ratios.items() if n != self.base))
        return rounds[1:]

    def load(self, case, quick, **more):
        self.start(case.setup, case.path)
        rounds = self.take_turns(
            case, lambda name: self.generator.slice(case, self.proxies[name], **more))
        summary = summarise(rounds, self.programs, self.base)
        if not quick:
            for name, proxy in self.proxies.items():
                resident, private = proxy.process.memory()
                summary[name]["resident"], summary[name]["private"] = resident, private
                if case.size <= 1024 * 1024:
                    count = COUNTED if case.size < 65536 else 200
                    summary[name]["calls"] = self.generator.system_calls(
                        case, proxy, max(count, 2 * case.connections))
        return {"servers": summary}

    def rate(self, case, quick):
        """At 70 % of what the base does at most, which is measured first."""
        self.start(case.setup, case.path)
        base = self.proxies[self.base]
        peak = median(self.generator.slice(case, base, milliseconds=500)["rps"] for _ in range(5))
        rate = 0.7 * peak
        return {"rate": rate} | self.load(case, True, rate=rate)

    def idle(self, case, quick):
        """Memory with so many connections open and idle; each server fresh, so that nothing of
        the cases before is counted."""
        self.stop_proxies()
        self.start(case.setup, case.path)
        summary = {}
        for name, proxy in self.proxies.items():
            _, before = proxy.process.memory()
            resident, private = self.generator.held(case, proxy, proxy.process.memory)
            summary[name] = {"resident": resident, "private": private,
                             "bytes_each": (private - before) / case.connections}
        self.stop_proxies()
        for row in summary.values():
            ratio = row["private"] / summary[self.base]["private"]
            row["ratios"] = {"private": {"median": ratio, "low": ratio, "high": ratio}}
        return {"servers": summary}

    def workers(self, case, quick):
        """What two workers on two cores can do, as a multiple of what one can on one.

        Where peers and load have cores of their own beside those two, it is requests per second.
        On two cores the load takes part of both; but what each request costs says what two cores
        full of requests would do: 2 x (CPU time with one worker) / (CPU time with two)."""
        two, others = self.cores.pair()
        has_room = not (two & others)
        generator = Generator(self.build, others)
        one_setup = replace(case.setup, workers=1)
        # Both must run at once to be paired: this Bench has the two, a second one the single one.
        single = Bench(self.root, self.build, self.folder / "single", self.programs, self.base,
                       self.progress)
        single.peers = self.peers
        (self.folder / "single").mkdir(exist_ok=True)
        try:
            self.start(case.setup, case.path, cores=two)
            single.start(one_setup, case.path)
            rounds = []
            for number in range(case.rounds + 1):
                self.progress.show(f"round {number}/{case.rounds}")
                each = {}
                for name in self.programs:
                    one = generator.slice(case, single.proxies[name])
                    both = generator.slice(case, self.proxies[name])
                    each[name] = both | {"gain": both["rps"] / one["rps"] if has_room
                                         else 2 * one["cpu_us"] / both["cpu_us"]}
                rounds.append(each)
        finally:
            single.stop_proxies()
            self.stop_proxies()
        summary = summarise(rounds[1:], self.programs, self.base)
        for name in self.programs:
            summary[name]["gains"] = quartiles([r[name]["gain"] for r in rounds[1:]])
        return {"servers": summary, "by": "rps" if has_room else "cpu"}

    def wrk(self, case, quick):
        """The same by a load generator that is not ours."""
        self.start(case.setup, case.path)
        rounds = self.take_turns(
            case, lambda name: wrk.slice(case, self.proxies[name], self.cores.others))
        return {"servers": summarise(rounds, self.programs, self.base)}


