// SPDX-License-Identifier: MIT
// An upstream for tests: its server lines, and what came of one request in a line or two.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "upstream/upstream.h"

namespace sluice::upstream {

using namespace std::chrono_literals;

inline constexpr auto kStart = Clock::time_point{} + 1000s;

inline balancers::Outcome failure_at(Clock::time_point now) {
  return {.failed = true, .now = now};
}
inline balancers::Outcome success_at(Clock::time_point now) {
  return {.now = now};
}

// An upstream of peers on ports 1, 2, 3 …, called A, B, C … by picks().
struct Group {
  explicit Group(std::vector<confparse::UpstreamServer> servers) {
    settings.name = "group";
    settings.servers = std::move(servers);
    for (std::size_t i = 0; i < settings.servers.size(); ++i) {
      settings.servers[i].address = "127.0.0.1:" + std::to_string(i + 1);
    }
  }

  Upstream& upstream() {
    if (!made) {
      std::vector<Upstream::Server> list;
      for (const confparse::UpstreamServer& server : settings.servers) {
        list.push_back({&server, {*net::Address::parse(server.address)}});
      }
      made = std::make_unique<Upstream>(settings, list, 0);
    }
    return *made;
  }

  static char letter(const Asked& asked) {
    return static_cast<char>('A' + asked.endpoint->address.port() - 1);
  }

  // One request that is answered at once.
  char ask(Clock::time_point now = kStart) {
    Tries tries;
    tries.restart({}, {});
    const auto asked = upstream().next(tries, now);
    if (!asked) {
      return '-';
    }
    upstream().report(*asked, success_at(now));
    return letter(*asked);
  }

  std::string picks(int count) {
    std::string result;
    for (int i = 0; i < count; ++i) {
      result.push_back(ask());
    }
    return result;
  }

  confparse::UpstreamSettings settings;
  std::unique_ptr<Upstream> made;
};

inline confparse::UpstreamServer weighing(std::uint32_t weight) {
  confparse::UpstreamServer server;
  server.weight = weight;
  return server;
}

inline confparse::UpstreamServer backup() {
  confparse::UpstreamServer server;
  server.backup = true;
  return server;
}

inline confparse::UpstreamServer down() {
  confparse::UpstreamServer server;
  server.down = true;
  return server;
}

}  // namespace sluice::upstream
