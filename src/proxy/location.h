// SPDX-License-Identifier: MIT
// A location made ready to answer: its texts compiled, its upstream found, its logs open.
// Built once per generation, read by all workers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "confparse/settings/location.h"
#include "http/head.h"
#include "log/error_log.h"
#include "log/file.h"
#include "routing/template.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

// One header of a request to a peer, from `proxy_set_header` or nginx's defaults.
struct PeerHeader {
  std::string name;
  http::HeaderId id = http::HeaderId::other;
  routing::Template value;
};

// `proxy_pass`, taken apart.
struct ProxyPass {
  std::shared_ptr<upstream::Upstream> upstream;
  std::string host;                 // $proxy_host, and the Host header unless configured
  std::string port;                 // $proxy_port
  std::optional<std::string> uri;   // "http://peer/uri/": takes the place of the location's prefix
  std::string prefix;               // that prefix
  std::vector<PeerHeader> headers;  // in the order in which they are sent
  routing::Template key;            // of `hash KEY`; no text when the strategy has none

  // Is a client's header replaced by one of `headers`, or never passed on?
  [[nodiscard]] bool drops(const http::Header& header) const;
};

// `return`.
struct FixedAnswer {
  std::uint16_t status = 200;
  std::optional<routing::Template> text;
};

struct AccessLog {
  std::shared_ptr<log::File> file;
  std::shared_ptr<const routing::Template> line;
  routing::LogEscape escape;
};

struct Location {
  const confparse::LocationSettings* settings = nullptr;
  std::optional<FixedAnswer> fixed;
  std::vector<routing::Template> try_files;
  std::optional<ProxyPass> proxy;
  std::vector<AccessLog> access_logs;
  std::shared_ptr<const log::ErrorLog> error_log;
};

}  // namespace sluice::proxy
