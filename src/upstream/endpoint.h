// SPDX-License-Identifier: MIT
// A peer as the journey sees it: where to connect, what to call it.
#pragma once

#include <string>

#include "net/address.h"

namespace sluice::upstream {

// Lives as long as its Upstream, at one place: attempts and kept connections point to it.
struct Endpoint {
  net::Address address;
  std::string name;  // "127.0.0.1:8000": $upstream_addr
};

}  // namespace sluice::upstream
