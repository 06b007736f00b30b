// SPDX-License-Identifier: MIT
// `proxy_pass` with variables: the part of Exchange that finds out whom to ask.
#include "proxy/error_report.h"
#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

// nginx's (ngx_resolver_strerror).
std::string_view text_of(net::ResolveError error) {
  switch (error) {
    case net::ResolveError::format_error:
      return "Format error";
    case net::ResolveError::server_failure:
      return "Server failure";
    case net::ResolveError::not_found:
      return "Host not found";
    case net::ResolveError::not_implemented:
      return "Unimplemented";
    case net::ResolveError::refused:
      return "Operation refused";
    case net::ResolveError::timed_out:
      return "Operation timed out";
    default:
      return "Unknown error";
  }
}

}  // namespace

// Expands the text and takes it apart.  False: it makes no sense, which was logged.
bool Exchange::read_target(const DynamicPass& pass) {
  facts_.proxy_host = facts_.proxy_port = {};
  target_.text.clear();
  pass.target.append_to(target_.text, facts_);
  const std::string complaint = take_apart(target_.text, target_.parts);
  if (!complaint.empty()) {
    report_notice(*location_->error_log, log::Level::error, complaint, facts_);
    return false;
  }
  facts_.proxy_host = target_.parts.shown_host;
  facts_.proxy_port = target_.parts.port_text;
  target_.uri.clear();
  if (target_.parts.uri.starts_with('?')) {
    target_.uri = "/";
  }
  append_as_request_target(target_.uri, target_.parts.uri);
  facts_.peer_uri = target_.uri;
  return true;
}

// Finds the upstream the target means, by asking for its name where it must.  0, or the status for
// the client.
net::Task<std::uint16_t> Exchange::find_target(const ProxyPass& proxy_pass) {
  const DynamicPass& pass = *proxy_pass.dynamic;
  const TargetParts& parts = target_.parts;
  if (const NamedUpstream* named = find_named(*pass.named, parts, key_storage_)) {
    peers_ = named->upstream.get();
    peers_key_ = &named->key;
    sticky_ = named->sticky.get();
    co_return 0;
  }
  peers_key_ = &proxy_pass.key;
  sticky_ = nullptr;
  target_.upstreams = worker_.runtime_upstreams(pass.resolver);
  target_.upstream = target_.upstreams->find(parts, worker_.loop.steady_now());
  if (!target_.upstream) {
    const net::Resolved resolved = co_await target_.upstreams->resolver().resolve(
        parts.host, pass.resolver_timeout, client_->hung_up());
    if (resolved.error == net::ResolveError::cancelled) {
      co_return 499;
    }
    if (resolved.error != net::ResolveError::none) {
      report_notice(*location_->error_log, log::Level::error,
                    std::string(parts.host) + " could not be resolved (" +
                        std::to_string(static_cast<int>(resolved.error)) + ": " +
                        std::string(text_of(resolved.error)) + ")",
                    facts_);
      co_return 502;
    }
    target_.upstream = target_.upstreams->put(parts, resolved);
  }
  peers_ = target_.upstream.get();
  co_return 0;
}

}  // namespace sluice::proxy
