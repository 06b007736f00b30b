# SPDX-License-Identifier: MIT
"""What may happen to three peers: times to answer in seconds, None while nobody listens."""
from dataclasses import dataclass
from typing import Callable, Optional

SECONDS = 20


@dataclass
class Scenario:
    key: str
    title: str
    plans: list                        # a peer each, by the second
    changes: Optional[float] = None    # when the last peer changes for good
    recovers: bool = False             # ... and should have an equal share again from then on


def _always(seconds: float) -> Callable:
    return lambda now: seconds


SCENARIOS = [
    Scenario("steady", "1, 10 and 100 ms", [_always(0.001), _always(0.010), _always(0.100)]),
    Scenario("slow", "5 ms each; C takes 200 ms from second 6 on",
             [_always(0.005), _always(0.005), lambda now: 0.005 if now < 6 else 0.200], changes=6),
    Scenario("fast", "5 ms each; C takes 200 ms until second 6",
             [_always(0.005), _always(0.005), lambda now: 0.200 if now < 6 else 0.005], changes=6,
             recovers=True),
    Scenario("fails", "5 ms each; C refuses from second 5 to 10",
             [_always(0.005), _always(0.005), lambda now: None if 5 <= now < 10 else 0.005],
             changes=10, recovers=True),
]

# How it is called in the picture, and its line in `upstream { }`.
METHODS = [
    ("fair", "fair;"),
    ("least_time", "least_time header;"),
    ("least_conn", "least_conn;"),
    ("round robin", ""),
]
