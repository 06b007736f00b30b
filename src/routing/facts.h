// SPDX-License-Identifier: MIT
// What is known of one exchange so far.  The journey (src/proxy) fills it in; variables read it.
// Nothing here is owned: every view lives as long as the exchange.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/date.h"
#include "http/head.h"
#include "routing/remembered.h"

namespace sluice::routing {

// One end of a connection, as bytes.
struct Endpoint {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t size = 0;  // 4, 16, or 0 for a unix: socket
  std::uint16_t port = 0;
  std::string_view path;  // of a unix: socket that has a name

  // The address bytes; "unix:" when there are none: $binary_remote_addr.  Valid as long as this.
  [[nodiscard]] std::string_view binary() const;
  void append_address(std::string& out) const;  // "127.0.0.1", "::1", "unix:/run/web.sock"
};

// $tcpinfo_*, as the system counts.
struct TcpFacts {
  std::uint32_t rtt = 0;
  std::uint32_t rttvar = 0;
  std::uint32_t snd_cwnd = 0;
  std::uint32_t rcv_space = 0;
};

// Asked only where such a variable is: it costs a system call.
class TcpFactsSource {
 public:
  // Nothing for what is no TCP connection.
  [[nodiscard]] virtual std::optional<TcpFacts> tcp_facts() const = 0;

 protected:
  ~TcpFactsSource() = default;
};

struct ConnectionFacts {
  Endpoint remote;
  Endpoint local;
  bool tls = false;
  bool pipelined = false;  // $pipe: the present request came before its turn
  std::chrono::steady_clock::time_point began{};
  std::uint64_t number = 0;    // $connection
  std::uint32_t requests = 0;  // $connection_requests: the present one included
  const TcpFactsSource* tcp = nullptr;
  std::string_view tls_protocol;  // $ssl_protocol: "TLSv1.3"; these three are null without TLS
  std::string_view tls_cipher;    // $ssl_cipher
  std::string_view tls_name;      // $ssl_server_name: the name asked for by SNI
};

using Milliseconds = std::chrono::milliseconds;

// One attempt at one peer: an entry of nginx's comma lists ($upstream_addr, $upstream_status, …).
struct AttemptFacts {
  bool begins_again = false;      // another location asks: " : " before it in the lists
  std::string_view peer;          // "127.0.0.1:8000", or the upstream's name when nobody was left
  std::uint16_t status = 0;       // 0: no answer was read ("-"); 502, 504 as nginx logs them
  Milliseconds connect_time{-1};  // -1: "-"
  Milliseconds header_time{-1};
  Milliseconds response_time{-1};
  std::uint64_t response_length = 0;  // of the body, its framing included
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
};

struct Facts {
  const ConnectionFacts* connection = nullptr;
  const Endpoint* real_client = nullptr;        // whom the client speaks for, when it may and says
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
  bool has_args = false;         // a '?' was there: "/a?" has no $args, and its $is_args is empty
  bool uri_was_changed = false;  // no longer what the client asked for: a peer gets $uri
  std::string_view request_uri;  // $request_uri
  std::string_view document_root;

  // What the regexes of the server's name and the location caught: Captures::groups and ::named.
  std::span<const std::string_view> captures;  // [0] is the whole match
  std::span<const std::string_view> named;     // by slot of VariableTable

  // Of the configuration's own variables: null, and maps have no value.
  Remembered* remembered = nullptr;

  // proxy_pass
  std::string_view proxy_host;  // $proxy_host: "mytornado", "127.0.0.1:8000"
  std::string_view proxy_port;  // $proxy_port
  std::string_view peer_uri;    // of a proxy_pass with variables: sent as it is; empty: none
  const std::vector<AttemptFacts>* attempts = nullptr;

  // The answer, as it goes to the client.
  std::uint16_t status = 0;
  std::uint64_t bytes_sent = 0;  // head included
  std::uint64_t body_bytes_sent = 0;
  std::uint64_t request_length = 0;          // head and body as received
  std::uint64_t body_length = 0;             // content received from the client
  const http::AnswerHead* answer = nullptr;  // $upstream_http_*: the peer's last head
  std::string_view sent_head;     // $sent_http_*: the head sent to the client, status line first
  bool completed = false;         // $request_completion
  std::uint64_t limit_rate = 0;   // $limit_rate
  std::string_view request_body;  // $request_body: when all of it is in memory
  std::string_view request_body_file;  // $request_body_file

  // $request_id: made when first asked for and the same from then on, so one Facts must serve the
  // whole exchange.  Only the variable touches it.
  mutable std::array<char, 32> request_id{};

  // Who asks: $remote_addr, and what ip_hash goes by.  `connection` is not null.
  [[nodiscard]] const Endpoint& remote() const {
    return real_client != nullptr ? *real_client : connection->remote;
  }
};

}  // namespace sluice::routing
