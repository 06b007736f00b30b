# SPDX-License-Identifier: MIT
"""What is measured: one row a case.  Knows nothing of how."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * 1024


@dataclass(frozen=True)
class Setup:
    """What the proxies are started with.  Cases that share it share the processes."""

    strategy: str = "round-robin"
    access_log: bool = False
    peers: str = "backend"  # or "tornado"
    workers: int = 1


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    group: str
    path: str = "/bytes/20"
    size: int = 20  # of the answer's body, or of the request's where upload is set
    upload: bool = False
    chunked: bool = False
    keep_alive: bool = True
    connections: int = 64
    milliseconds: int = 400  # a slice
    rounds: int = 11
    quick: bool = False
    setup: Setup = Setup()
    kind: str = "load"  # or "rate", "idle", "workers", "wrk"


STRATEGIES = ("round-robin", "weight", "ip-hash", "fair", "url-hash")
SIZES = (
    ("20B", "20 B", 20, 400),
    ("4KiB", "4 KiB", 4 * KIB, 400),
    ("64KiB", "64 KiB", 64 * KIB, 400),
    ("1MiB", "1 MiB", MIB, 600),
    ("64MiB", "64 MiB", 64 * MIB, 1000),
)


def _sizes():
    for name, title, size, time in SIZES:
        # A few large bodies fill the machine, and 64 of them would only wait for one another.
        connections = 64 if size < MIB else 8 if size == MIB else 2
        common = {"size": size, "milliseconds": time, "connections": connections}
        yield Case(f"{name}-keep", f"{title}, keep-alive", "download", f"/bytes/{size}",
                   quick=name in ("20B", "64KiB", "1MiB"), **common)
        yield Case(f"{name}-close", f"{title}, a connection each", "close", f"/bytes/{size}",
                   keep_alive=False, quick=name == "20B", **common)
        yield Case(f"{name}-chunked", f"{title}, chunked", "chunked", f"/chunked/{size}",
                   chunked=True, **common)
        yield Case(f"{name}-upload", f"{title} upload", "upload", "/bytes/20", upload=True,
                   quick=name == "1MiB", **common)
        yield Case(f"{name}-upload-chunked", f"{title} upload, chunked", "upload-chunked",
                   "/bytes/20", upload=True, chunked=True, **common)


def all_cases():
    cases = list(_sizes())
    for count in (1, 64, 1000):
        cases.append(Case(f"connections-{count}", f"20 B, {count:,} connection{'s' * (count > 1)}",
                          "connections", connections=count))
        cases.append(Case(f"connections-{count}-close",
                          f"20 B, {count:,} at a time, a connection each", "connections",
                          connections=count, keep_alive=False))
    for strategy in STRATEGIES:
        cases.append(Case(f"strategy-{strategy}", strategy.replace("-", "_"), "strategies",
                          setup=Setup(strategy=strategy)))
    cases += [
        Case("access-log", "20 B, access log on", "log", setup=Setup(access_log=True)),
        Case("p99", "20 B at 70 % of nginx's peak rate", "rate", kind="rate", milliseconds=2000),
        Case("idle", "9,000 idle connections", "idle", kind="idle", connections=9000, rounds=1),
        Case("tornado", "Tornado behind it", "tornado", path="/", size=14,
             setup=Setup(peers="tornado"), milliseconds=1000),
        Case("workers", "two workers against one", "workers", kind="workers",
             setup=Setup(workers=2)),
        Case("wrk", "20 B, asked by wrk", "wrk", kind="wrk", milliseconds=1000),
    ]
    return cases
