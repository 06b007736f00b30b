// SPDX-License-Identifier: MIT
// A virtual server: where it listens, what it is called, what it holds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "confparse/settings/location.h"

namespace sluice::confparse {

struct Listen {
  std::string address;  // canonical: "0.0.0.0:80", "[::]:80", "unix:/run/web.sock"
  bool default_server = false;
  bool ssl = false;
  int backlog = 511;
  bool ipv6only = true;
  bool reuseport = false;
  bool socket_options = false;  // said one of backlog= ipv6only= reuseport ...: once an address
  Position position;
};

// Server-wide settings of a connection that has no location yet.
struct ConnectionSettings {
  std::uint64_t client_header_buffer_size = 1024;
  std::uint32_t large_header_buffers = 4;
  std::uint64_t large_header_buffer_size = 8192;
  std::chrono::milliseconds client_header_timeout{60'000};
  std::uint32_t max_headers = 1000;  // header lines of a request
  bool merge_slashes = true;
  bool ignore_invalid_headers = true;
  bool underscores_in_headers = false;
};

struct ServerBlock {
  std::vector<Listen>
      listens;              // never empty: `*:80` (`*:8000` when not root) is added, as in nginx
  std::vector<Text> names;  // "example.com", "*.example.com", "~^www\.", ""; empty: ""
  ConnectionSettings connection;
  LocationSettings settings;  // for requests that match no location
  Content content;            // `return` at server level
  std::vector<LocationBlock> locations;
  Position position;
};

}  // namespace sluice::confparse
