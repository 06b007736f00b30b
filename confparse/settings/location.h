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

#include "confparse/settings/headers.h"
#include "confparse/settings/log.h"
#include "confparse/settings/proxy.h"
#include "confparse/settings/real_ip.h"
#include "confparse/settings/resolver.h"
#include "confparse/settings/text.h"
#include "confparse/settings/transfer.h"

namespace sluice::confparse {

enum class ServerTokens : std::uint8_t { off, on, build };

// `lingering_close`: is the rest of what a client sends read before its connection is closed?
enum class LingeringClose : std::uint8_t { off, on, always };

// `keepalive_disable`: browsers that get no second answer on a connection.
struct KeepaliveDisable {
  bool msie6 = true;  // after a POST
  bool safari = false;
};

// `if_modified_since`: not looked at; this time only; any time from this one on.
enum class IfModifiedSince : std::uint8_t { off, exact, before };

// The core directives of the http context that a location may change.
struct CoreSettings {
  std::uint64_t client_max_body_size = 1024 * 1024;  // 0: no limit
  std::chrono::milliseconds client_body_timeout{60'000};
  std::chrono::milliseconds send_timeout{60'000};
  std::chrono::milliseconds keepalive_timeout{75'000};   // 0: no keep-alive
  std::optional<std::chrono::seconds> keepalive_header;  // the second value: `Keep-Alive: timeout=`
  std::uint32_t keepalive_requests = 1000;
  std::chrono::milliseconds keepalive_time{3'600'000};  // of the whole connection
  KeepaliveDisable keepalive_disable;
  LingeringClose lingering_close = LingeringClose::on;
  std::chrono::milliseconds lingering_time{30'000};
  std::chrono::milliseconds lingering_timeout{5'000};
  bool reset_timedout_connection = false;
  bool chunked_transfer_encoding = true;
  ServerTokens server_tokens = ServerTokens::on;
  bool internal = false;  // answers redirects of our own only
  bool absolute_redirect = true;
  bool port_in_redirect = true;
  bool server_name_in_redirect = false;
  bool tcp_nodelay = true;
  bool etag = true;
  IfModifiedSince if_modified_since = IfModifiedSince::exact;
  std::optional<std::uint64_t> max_ranges;  // 0: no ranges at all; none: no limit
  std::string root = "html";                // absolute after loading
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
  HeaderSettings headers;
  TransferSettings transfer;
  LogSettings log;
  ResolverSettings resolver;
  RealIpSettings real_ip;

  // What a block inside of this one begins with.
  [[nodiscard]] LocationSettings inside() const {
    LocationSettings settings = *this;
    settings.headers.headers = headers.headers.inside();
    return settings;
  }
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
