// SPDX-License-Identifier: MIT
// A configured group of peers: the upstream block.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// One `server` line of an upstream.
struct UpstreamServer {
  std::string address;  // as written: "127.0.0.1:8000", "app:80", "unix:/run/a.sock"
  Position position;
  std::uint32_t weight = 1;
  std::uint32_t max_connections = 0;
  std::uint32_t max_fails = 1;
  std::chrono::seconds fail_timeout{10};
  bool down = false;
  bool backup = false;
};

struct UpstreamSettings {
  std::string name;
  Position position;
  std::vector<UpstreamServer> servers;

  std::string method;  // a directive name of balancers/strategies.h; "" is round robin
  std::vector<std::string> method_words;  // `hash $request_uri consistent` has two
  Position method_position;
  Text method_key;  // the first of the words, where the strategy takes a request key

  // Kept connections to peers: idle ones per worker, as nginx >= 1.29.7 keeps by default.
  std::uint32_t keepalive = 32;  // 0: none
  std::uint32_t keepalive_requests = 1000;
  std::chrono::milliseconds keepalive_time{3'600'000};
  std::chrono::milliseconds keepalive_timeout{60'000};
};

}  // namespace sluice::confparse
