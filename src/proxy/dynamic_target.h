// SPDX-License-Identifier: MIT
// `proxy_pass` with variables: what its text became for one request, taken apart as nginx does
// (ngx_parse_url), and what is known beforehand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "net/resolver.h"
#include "proxy/sticky.h"
#include "routing/template.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

// A text taken apart; the views point into it.
struct TargetParts {
  std::string_view authority;   // "app.example:8080", "unix:/run/a.sock"
  std::string_view host;        // "app.example"; of unix: the path
  std::string_view shown_host;  // $proxy_host: the port is left out when it is the scheme's
  std::string_view port_text;   // $proxy_port; empty for unix:
  std::string_view uri;         // sent as it is; empty: the request's own
  std::uint16_t port = 80;
  bool has_port = false;
  bool is_unix = false;
};

// What is wrong with the text in nginx's words, or empty.
std::string take_apart(std::string_view text, TargetParts& parts);

// The upstreams a request may name: blocks by their name, implied ones by "host:port".
struct NamedUpstream {
  std::shared_ptr<upstream::Upstream> upstream;
  routing::Template key;                 // of `hash KEY`
  std::shared_ptr<const Sticky> sticky;  // null: nobody is bound to a peer
};
struct IgnoringCase {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const;
};
using NamedUpstreams = std::map<std::string, NamedUpstream, IgnoringCase>;

// The named upstream a target means, or null.  `storage` is written to.
const NamedUpstream* find_named(const NamedUpstreams& known, const TargetParts& target,
                                std::string& storage);

// Part of a ProxyPass; made once, read by all workers.
struct DynamicPass {
  routing::Template target;
  const NamedUpstreams* named = nullptr;  // the generation's
  net::ResolverOptions resolver;
  net::Milliseconds resolver_timeout{0};
};

// Bytes that would end the request line, or the request itself, are written as %XX; all others stay
// as they are.
void append_as_request_target(std::string& out, std::string_view uri);

}  // namespace sluice::proxy
