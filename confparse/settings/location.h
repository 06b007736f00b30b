// SPDX-License-Identifier: MIT
// What a location block says: the part that inner blocks inherit, and the part that is its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "confparse/settings/log.h"
#include "confparse/settings/proxy.h"
#include "confparse/settings/text.h"

namespace sluice::confparse {

enum class ServerTokens : std::uint8_t { off, on, build };

// The core directives of the http context that a location may change.
struct CoreSettings {
  std::uint64_t client_max_body_size = 1024 * 1024;  // 0: no limit
  std::chrono::milliseconds client_body_timeout{60'000};
  std::chrono::milliseconds send_timeout{60'000};
  std::chrono::milliseconds keepalive_timeout{75'000};   // 0: no keep-alive
  std::optional<std::chrono::seconds> keepalive_header;  // the second value: `Keep-Alive: timeout=`
  std::uint32_t keepalive_requests = 1000;
  ServerTokens server_tokens = ServerTokens::on;
  bool tcp_nodelay = true;
  std::string root = "html";  // absolute after loading
  std::vector<std::string> index{"index.html"};
  std::string default_type = "text/plain";
  // extension -> MIME type; shared, for mime.types has a hundred rows and every location inherits
  // it
  std::shared_ptr<const std::map<std::string, std::string, std::less<>>> types;
};

// Copied into every inner block before its own lines are applied.
struct LocationSettings {
  CoreSettings core;
  ProxySettings proxy;
  LogSettings log;
};

// `return CODE [TEXT]`, `return CODE URL`, `return URL`.
struct ReturnSetting {
  std::uint16_t status = 200;
  std::optional<Text> text;  // body, or the Location of 301 302 303 307 308
};

// What answers a request here.  Never inherited.
struct Content {
  std::optional<ReturnSetting> fixed;  // wins over the rest: it belongs to the rewrite phase
  std::optional<Text> proxy_pass;  // "http://mytornado", "http://unix:/run/a.sock:/uri/", "$target"
  std::vector<Text> try_files;     // the last one is the fallback: "=404", "@name", a URI
};

enum class MatchKind : std::uint8_t {
  exact,         // location = /path
  prefix,        // location /path
  prefix_final,  // location ^~ /path: no regex is tried after it
  regex,         // location ~ pattern
  regex_nocase,  // location ~* pattern
  named,         // location @name
};

struct LocationBlock {
  MatchKind kind = MatchKind::prefix;
  Text pattern;  // path, regex, or "@name"
  LocationSettings settings;
  Content content;
  std::vector<LocationBlock> locations;
};

}  // namespace sluice::confparse
