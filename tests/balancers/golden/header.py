# SPDX-License-Identifier: MIT
"""Turns balancing.json into a C++ header: header.py balancing.json golden.h

The vectors are answers of nginx 1.22.1 (Debian, with libnginx-mod-http-upstream-fair).  The letters
are the peers in configuration order, listening on 127.0.0.1:19101 and the ports after it.
"""
import json
import sys


def quoted(text):
    return json.dumps(text)  # plain ASCII: the same in C++


with open(sys.argv[1]) as source, open(sys.argv[2], "w") as header:
    print("// Made from golden/balancing.json by golden/header.py.", file=header)
    print("#pragma once\n#include <string_view>\n#include <vector>\n", file=header)
    print("namespace sluice::golden {\n", file=header)
    print("struct Vector { std::string_view input, picks; };\n", file=header)
    for name, value in json.load(source).items():
        if isinstance(value, str):
            print(f"inline constexpr std::string_view {name} = {quoted(value)};", file=header)
            continue
        print(f"inline const std::vector<Vector> {name} = {{", file=header)
        for given, picks in value.items():
            print(f"    {{{quoted(given)}, {quoted(picks)}}},", file=header)
        print("};", file=header)
    print("\n}  // namespace sluice::golden", file=header)
