#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How many test cases passed and failed in a run of `meson test`?

    count_tests.py testlog.junit.xml EXIT_CODE     prints "PASSED FAILED"

A program that crashed or ran out of time has no failed case to show: it counts as one failure, and
so does a run that failed without any.
"""

import sys
import xml.etree.ElementTree as xml


def count(path):
    passed = failed = 0
    for suite in xml.parse(path).getroot().iter("testsuite"):
        cases = suite.findall("testcase")
        bad = sum(1 for c in cases if c.find("failure") is not None or c.find("error") is not None)
        skipped = sum(1 for c in cases if c.find("skipped") is not None)
        announced = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        passed += len(cases) - bad - skipped
        failed += max(bad, announced)
    return passed, failed


if __name__ == "__main__":
    try:
        good, bad = count(sys.argv[1])
    except (OSError, xml.ParseError):
        good, bad = 0, 0
    if int(sys.argv[2]) != 0:
        bad = max(bad, 1)
    print(good, bad)
