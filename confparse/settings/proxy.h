// SPDX-License-Identifier: MIT
// How a location talks to its peers: the proxy_* directives.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// `proxy_set_header NAME VALUE;`  A value that expands to nothing means: do not send it.
struct ProxyHeader {
  std::string name;
  Text value;
};

// What sends a request to the next peer: the words of `proxy_next_upstream`.
struct NextUpstream {
  bool error = true;
  bool timeout = true;
  bool invalid_header = false;
  bool http_403 = false;
  bool http_404 = false;
  bool http_429 = false;
  bool http_500 = false;
  bool http_502 = false;
  bool http_503 = false;
  bool http_504 = false;
  bool non_idempotent = false;
};

// Inherited by inner blocks.  Where proxy_pass itself points is in Content: that is not inherited.
struct ProxySettings {
  std::chrono::milliseconds connect_timeout{60'000};
  std::chrono::milliseconds send_timeout{60'000};  // between two writes
  std::chrono::milliseconds read_timeout{60'000};  // between two reads
  std::uint8_t http_minor = 1;                     // proxy_http_version 1.0 or 1.1
  NextUpstream next_upstream;
  std::uint32_t next_upstream_tries = 0;               // 0: no limit
  std::chrono::milliseconds next_upstream_timeout{0};  // 0: no limit
  std::vector<ProxyHeader> set_headers;  // empty: Host $proxy_host and Connection as nginx sends
  std::uint64_t buffer_size = 4096;      // proxy_buffer_size: the answer's head must fit
};

}  // namespace sluice::confparse
