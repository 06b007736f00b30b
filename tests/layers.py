#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Do all includes point downwards?  The table below is the one of docs/ARCHITECTURE.md.

    tests/layers.py [ROOT]

Prints each include that does not, and exits 1 if there is one.
"""

import pathlib
import re
import sys

# layer: the layers it may include, and through them theirs.
MAY_INCLUDE = {
    "confparse": "",
    "balancers": "",
    "log": "confparse",
    "net": "",
    "http": "",
    "routing": "http confparse",
    "upstream": "balancers confparse net",
    "simulate": "upstream",
    "phases": "routing http net",
    "content": "routing http net",
    "filters": "routing http net",
    "proxy": "phases content filters upstream routing http log net",
    "app": "proxy",
    "tools": "app",
    "backend": "http",
    "main": "app tools simulate",
}

SOCKETS = r"sys/socket\.h|sys/epoll\.h|netinet/tcp\.h|netdb\.h"
# What an address looks like; no socket can be opened with it.
ADDRESSES = r"arpa/inet\.h|netinet/in\.h|sys/un\.h"

# what only these layers may know of the world outside; "main" may know everything.
OUTSIDE = {
    r"boost/asio.*": "net app backend",
    r"boost/.*": "net log http routing upstream phases content filters proxy app tools backend",
    r"openssl/.*": "net upstream",
    r"ares.*\.h": "net",
    r"llhttp\.h": "http",
    r"nlohmann/.*": "simulate",
    r"re2/.*|pcre2.*\.h": "routing",
    SOCKETS: "net app backend",
    ADDRESSES: "confparse net routing upstream phases app backend",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def closure(layer):
    """The layer itself and all that lie below it."""
    below = {layer}
    for other in MAY_INCLUDE[layer].split():
        below |= closure(other)
    return below


def layer_of(path):
    """"balancers/x.h" and "src/net/x.h" → balancers, net; "src/main.cc" → main."""
    parts = path.parts[1:] if path.parts[0] == "src" else path.parts
    return parts[0] if len(parts) > 1 else pathlib.Path(parts[0]).stem


def complaint(layer, bracket, included):
    if layer == "main":
        return None
    if bracket == "<":
        for pattern, layers in OUTSIDE.items():
            if re.fullmatch(pattern, included):
                return None if layer in layers.split() else f"<{included}> is not for {layer}"
        return None
    target = layer_of(pathlib.Path(included))
    if target not in MAY_INCLUDE:
        return f'"{included}" is in no layer: includes are written from the root or from src/'
    if target in closure(layer):
        return None
    return f'"{included}": {layer} may not include {target}'


def check(root):
    complaints = []
    for top in ("confparse", "balancers", "src"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            layer = layer_of(path.relative_to(root))
            if layer not in MAY_INCLUDE:
                complaints.append(f"{path}: no layer {layer} in tests/layers.py")
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                why = complaint(layer, *found.groups()) if found else None
                if why:
                    complaints.append(f"{path.relative_to(root)}:{number}: {why}")
    return complaints


def self_test():
    """A check that finds nothing must be able to find something."""
    assert complaint("http", '"', "net/stream.h")
    assert complaint("balancers", '"', "confparse/load.h")
    assert complaint("proxy", "<", "boost/asio/ip/tcp.hpp")
    assert complaint("confparse", "<", "sys/socket.h")
    assert complaint("net", '"', "stream.h")
    assert not complaint("net", "<", "boost/asio.hpp")
    assert not complaint("app", '"', "confparse/load.h")
    assert not complaint("proxy", '"', "balancers/balancer.h")


if __name__ == "__main__":
    self_test()
    here = pathlib.Path(__file__).resolve().parent.parent
    wrong = check(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here)
    print("\n".join(wrong) or "all includes point downwards")
    sys.exit(1 if wrong else 0)
