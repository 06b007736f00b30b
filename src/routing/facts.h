// SPDX-License-Identifier: MIT
// What is known of one exchange so far.  The journey (src/proxy) fills it in; variables read it.
// Nothing here is owned: every view lives as long as the exchange.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/date.h"
#include "http/head.h"

namespace sluice::routing {

// One end of a connection, as bytes.
struct Endpoint {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t size = 0;  // 4, 16, or 0 for a unix: socket
  std::uint16_t port = 0;

  [[nodiscard]] std::string_view binary() const;  // $binary_remote_addr
  void append_address(std::string& out) const;    // "127.0.0.1", "::1", "unix:"
};

struct ConnectionFacts {
  Endpoint remote;
  Endpoint local;
  bool tls = false;
  std::uint64_t number = 0;    // $connection
  std::uint32_t requests = 0;  // $connection_requests: the present one included
};

using Milliseconds = std::chrono::milliseconds;

// One attempt at one peer: an entry of nginx's comma lists ($upstream_addr, $upstream_status, …).
struct AttemptFacts {
  std::string_view peer;          // "127.0.0.1:8000", or the upstream's name when nobody was left
  std::uint16_t status = 0;       // 0: no answer was read ("-"); 502, 504 as nginx logs them
  Milliseconds connect_time{-1};  // -1: "-"
  Milliseconds header_time{-1};
  Milliseconds response_time{-1};
  std::uint64_t response_length = 0;  // content bytes
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
};

struct Facts {
  const ConnectionFacts* connection = nullptr;
  const http::RequestHead* request = nullptr;   // null: not even the request line was understood
  http::DateCache* dates = nullptr;             // the worker's
  std::chrono::system_clock::time_point now;    // of the worker's loop
  std::chrono::steady_clock::time_point began;  // first byte of the request
  std::chrono::steady_clock::time_point steady_now;

  std::string_view line;         // $request; set even when the head is bad
  std::string_view host;         // $host: normalised, else the server's first name
  std::string_view server_name;  // $server_name
  std::string_view uri;          // $uri: normalised path
  std::string_view args;         // $args
  bool has_args = false;         // $is_args
  std::string_view request_uri;  // $request_uri
  std::string_view document_root;

  // Captures of the regex location or server name: [0] is the whole match.
  std::span<const std::string_view> captures;

  // proxy_pass
  std::string_view proxy_host;  // $proxy_host: "mytornado", "127.0.0.1:8000"
  std::string_view proxy_port;  // $proxy_port
  const std::vector<AttemptFacts>* attempts = nullptr;

  // The answer, as it goes to the client.
  std::uint16_t status = 0;
  std::uint64_t bytes_sent = 0;  // head included
  std::uint64_t body_bytes_sent = 0;
  std::uint64_t request_length = 0;          // head and body as received
  std::uint64_t body_length = 0;             // content received from the client
  const http::AnswerHead* answer = nullptr;  // $upstream_http_*: the peer's last head
  bool completed = false;                    // $request_completion
};

}  // namespace sluice::routing
