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
#include "proxy/added_headers.h"
#include "proxy/answer_rules.h"
#include "proxy/dynamic_target.h"
#include "proxy/local_address.h"
#include "routing/real_ip.h"
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
  std::uint64_t id = 0;  // never used twice, never 0
  std::shared_ptr<upstream::Upstream> upstream;
  std::string host;                 // $proxy_host, and the Host header unless configured
  std::string port;                 // $proxy_port
  std::optional<std::string> uri;   // "http://peer/uri/": takes the place of the location's prefix
  std::string prefix;               // that prefix
  std::vector<PeerHeader> headers;  // in the order in which they are sent
  routing::Template key;            // of `hash KEY`; no text when the strategy has none
  std::shared_ptr<const Sticky> sticky;  // null: nobody is bound to a peer
  // With variables: whom to ask is found out for each request, and nothing of the first four holds.
  std::shared_ptr<const DynamicPass> dynamic;

  std::optional<routing::Template> method;  // instead of the client's
  std::optional<routing::Template> body;    // proxy_set_body: instead of the client's
  bool passes_headers = true;               // the client's
  bool passes_body = true;                  // the client's; false when there is another
  bool passes_upgrade = true;         // a client's wish, as nobody configured Upgrade or Connection
  std::optional<LocalAddress> local;  // proxy_bind
  AnswerRules answer;

  // Is a client's header replaced by one of `headers`, or never passed on?
  [[nodiscard]] bool drops(const http::Header& header) const;
};

// `return`.
struct FixedAnswer {
  std::uint16_t status = 200;
  std::optional<routing::Template> text;
};

// A word of `try_files`.
struct TryFile {
  routing::Template path;  // without the final slash
  bool is_folder = false;  // there was one: folders are meant, else files
};

struct AccessLog {
  std::shared_ptr<log::File> file;
  std::shared_ptr<const routing::Template> line;
  routing::LogEscape escape;
  log::Buffering buffering;
  std::optional<routing::Template> condition;  // no line when it comes to "" or "0"
};

// `limit_rate` and its like: bytes a second, or bytes.
struct ByteCount {
  std::uint64_t constant = 0;
  std::optional<routing::Template> text;  // where it has variables; nonsense counts as 0
};

struct Location {
  const confparse::LocationSettings* settings = nullptr;
  std::optional<FixedAnswer> fixed;
  std::vector<TryFile> try_files;
  std::optional<ProxyPass> proxy;
  AddedHeaders added;                          // to its answers
  std::vector<routing::Template> early_hints;  // conditions to pass them on
  std::optional<routing::RealIp> real_ip;
  ByteCount limit_rate;
  ByteCount limit_rate_after;
  ByteCount proxy_limit_rate;
  std::vector<AccessLog> access_logs;
  std::shared_ptr<const log::ErrorLog> error_log;
};

}  // namespace sluice::proxy
