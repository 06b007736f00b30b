#!/bin/sh
# SPDX-License-Identifier: MIT
# Is the page of directives what `sluice --rules` prints?
if "$1" --rules | diff -u "$2" -; then exit 0; fi
echo "docs/DIRECTIVES.md is stale: build/src/sluice --rules > docs/DIRECTIVES.md" >&2
exit 1
