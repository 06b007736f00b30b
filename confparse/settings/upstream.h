// SPDX-License-Identifier: MIT
// A configured group of peers: the upstream block.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
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
  bool drain = false;
  std::string route;                        // what clients bound to it are given; "": a hash
  std::chrono::milliseconds slow_start{0};  // from its recovery to its full weight
};

// `sticky`: requests that are bound to a peer.
struct StickySettings {
  enum class Kind : std::uint8_t { none, cookie, route, learn };
  Kind kind = Kind::none;
  std::vector<Text> lookup;  // the first that is not empty names the peer; for learn, the session

  // cookie
  std::string cookie;                           // its name
  std::optional<std::chrono::seconds> expires;  // none: with the browser
  bool expires_never = false;                   // "expires=max"
  Text domain;
  std::string path;
  Text same_site;
  bool http_only = false;
  bool secure = false;

  // learn
  std::vector<Text> create;  // the first that is not empty is the name of a new session
  std::string zone;
  std::uint64_t zone_size = 0;
  std::chrono::milliseconds timeout{600'000};
  bool at_head = false;  // learns when the answer's head has come, else when all of it has
};

// `queue`: requests that wait for a peer below its max_conns.
struct QueueSettings {
  std::uint32_t most = 0;  // 0: nobody waits
  std::chrono::milliseconds timeout{60'000};
};

struct UpstreamSettings {
  std::string name;
  Position position;
  std::vector<UpstreamServer> servers;

  std::string method;  // a directive name of balancers/strategies.h; "" is round robin
  std::vector<std::string> method_words;  // `hash $request_uri consistent` has two
  Position method_position;
  Text method_key;  // the first of the words, where the strategy takes a request key
  std::optional<std::uint32_t> hash_again;
  StickySettings sticky;
  QueueSettings queue;

  // Kept connections to peers: idle ones per worker, as nginx >= 1.29.7 keeps by default.
  std::uint32_t keepalive = 32;  // 0: none
  bool keepalive_local = false;  // each location has its own
  std::uint32_t keepalive_requests = 1000;
  std::chrono::milliseconds keepalive_time{3'600'000};
  std::chrono::milliseconds keepalive_timeout{60'000};
};

}  // namespace sluice::confparse
