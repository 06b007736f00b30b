// SPDX-License-Identifier: MIT
// How a location talks to its peers: the proxy_* directives.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
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

// One rule of `proxy_redirect`, `proxy_cookie_domain` or `proxy_cookie_path`.
struct ValueRewrite {
  enum class Match : std::uint8_t { implied, text, regex, regex_nocase };
  Match match = Match::text;  // implied: `proxy_redirect default`, without texts
  Text pattern;               // for a regex without its `~` or `~*`
  Text replacement;
};

// `proxy_cookie_flags COOKIE FLAG...;`
struct CookieFlagRule {
  bool is_regex = false;  // without its `~`; upper and lower case are alike
  Text cookie;
  std::vector<Text> flags;  // "secure", "nohttponly", "samesite=lax", or a text with variables
};

// Headers of an answer whose meaning for the proxy is taken away: `proxy_ignore_headers`.
struct IgnoredHeaders {
  bool x_accel_redirect = false;
  bool x_accel_expires = false;
  bool x_accel_limit_rate = false;
  bool x_accel_buffering = false;
  bool x_accel_charset = false;
  bool expires = false;
  bool cache_control = false;
  bool set_cookie = false;
  bool vary = false;
};

// `proxy_bind ADDRESS [transparent];`
struct LocalAddress {
  Text address;
  bool transparent = false;
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

  // The request.
  std::optional<Text> method;  // instead of the client's
  std::optional<Text> body;    // proxy_set_body: instead of the client's
  bool pass_request_headers = true;
  bool pass_request_body = true;
  std::optional<LocalAddress> bind;
  bool socket_keepalive = false;

  // The answer.
  std::optional<std::vector<ValueRewrite>> redirects;  // none: the default; empty: off
  std::vector<ValueRewrite> cookie_domains;
  std::vector<ValueRewrite> cookie_paths;
  std::vector<CookieFlagRule> cookie_flags;
  std::vector<std::string> hide_headers;
  std::vector<std::string> pass_headers;
  IgnoredHeaders ignored_headers;
  std::vector<Text> early_hints;  // a 103 is passed on when one of them is neither empty nor "0"
  bool pass_trailers = false;
  bool force_ranges = false;
};

}  // namespace sluice::confparse
