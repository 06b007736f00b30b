// SPDX-License-Identifier: MIT
// Who is asked for the addresses of names that are met while serving: `resolver`.
#pragma once

#include <chrono>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

struct ResolverSettings {
  std::vector<Text> servers;      // "127.0.0.1", "[::1]:5353", "dns.example"; none: the system's
  std::chrono::seconds valid{0};  // 0: as long as the answers' TTL says
  bool ipv4 = true;
  bool ipv6 = true;
  std::chrono::milliseconds timeout{30'000};  // resolver_timeout
};

}  // namespace sluice::confparse
