// SPDX-License-Identifier: MIT
// A peer as the journey sees it: where to connect, what to call it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "net/address.h"

namespace sluice::upstream {

// Unlike an address in memory never used twice: connections are kept by it.
inline std::uint64_t next_endpoint_id() {
  static std::atomic<std::uint64_t> next{0};
  return next++;
}

// Lives as long as its Upstream, at one place: attempts point to it.
struct Endpoint {
  net::Address address;
  std::string name;   // "127.0.0.1:8000": $upstream_addr
  std::string route;  // what a request says that is bound to this peer
  std::uint64_t id = next_endpoint_id();
};

}  // namespace sluice::upstream
