// SPDX-License-Identifier: MIT
// Addresses as the configuration writes them: where to listen, and whom to ask.
// No name is looked up here but "localhost".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::confparse {

// "127.0.0.1:8000", "app", "[::1]:80/uri", "unix:/run/a.sock:/uri/".
struct PeerAddress {
  std::string host;  // with its brackets; for unix: the path
  std::optional<std::uint16_t> port;
  std::string uri;  // from the first `/` or `?`; empty: none
  bool is_unix = false;
};

struct ParsedPeer {
  PeerAddress address;
  std::string complaint;  // nginx's words, "invalid port"; empty: fine
};

// `uri_allowed`: proxy_pass may have one, the `server` of an upstream may not.
ParsedPeer parse_peer(std::string_view word, bool uri_allowed);

struct ParsedListen {
  std::vector<std::string> addresses;  // canonical, "0.0.0.0:80"; more than one for a port range
  std::string complaint;
  std::string advice;
};

// The first word of `listen`.  Port 0 is allowed: the system chooses, which tests need.
ParsedListen parse_listen(std::string_view word);

}  // namespace sluice::confparse
