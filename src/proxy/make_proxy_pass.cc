// SPDX-License-Identifier: MIT
#include "proxy/make_proxy_pass.h"

#include <algorithm>
#include <atomic>

#include "confparse/error.h"
#include "confparse/values.h"
#include "proxy/make_resolver.h"

namespace sluice::proxy {
namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void find_peers(ProxyPass& pass, const PassTarget& parts, const confparse::Position& position,
                const PassMaking& making) {
  FoundUpstream found = making.find_upstream(parts, position);
  pass.upstream = std::move(found.upstream);
  const confparse::UpstreamSettings& group = pass.upstream->settings();
  if (!group.method_key.value.empty()) {
    pass.key = routing::Template(group.method_key, making.variables);
  }
  pass.sticky = make_sticky(*pass.upstream, making.variables);
}

void add_headers(ProxyPass& pass, const confparse::ProxySettings& settings,
                 const confparse::Position& position, const PassMaking& making) {
  const auto add = [&](const std::string& name, const confparse::Text& value) {
    pass.headers.push_back(
        {name, http::header_id(name), routing::Template(value, making.variables)});
  };
  for (const confparse::ProxyHeader& header : settings.set_headers) {
    const http::HeaderId id = http::header_id(header.name);
    if (id != http::HeaderId::content_length && id != http::HeaderId::transfer_encoding) {
      add(header.name, header.value);  // what frames the body follows from the body
    }
  }
  // Unless configured, as nginx: Host, and for HTTP/1.0 that the connection ends.
  const auto is_set = [&](http::HeaderId id) {
    return std::ranges::any_of(pass.headers,
                               [&](const PeerHeader& header) { return header.id == id; });
  };
  if (!is_set(http::HeaderId::host)) {
    add("Host", {pass.dynamic ? "$proxy_host" : pass.host, position});
  }
  if (!is_set(http::HeaderId::connection) && settings.http_minor == 0) {
    add("Connection", {"close", position});
  }
  pass.passes_upgrade = settings.http_minor == 1 && !is_set(http::HeaderId::connection) &&
                        !is_set(http::HeaderId::upgrade);
}

// `proxy_redirect default`: what the peer calls itself becomes what the client calls it.
confparse::ValueRewrite implied_redirect(const confparse::Text& target, const ProxyPass& pass) {
  confparse::ValueRewrite rule;
  rule.pattern = target;
  rule.replacement = {pass.prefix, target.position};
  if (!pass.uri) {
    rule.pattern.value += '/';
    rule.replacement.value = "/";
  }
  return rule;
}

void add_request_rules(ProxyPass& pass, const confparse::ProxySettings& settings,
                       const PassMaking& making) {
  if (settings.method) {
    pass.method.emplace(*settings.method, making.variables);
  }
  if (settings.body) {
    pass.body.emplace(*settings.body, making.variables);
  }
  if (settings.bind) {
    pass.local.emplace(*settings.bind, making.variables);
  }
  pass.passes_headers = settings.pass_request_headers;
  pass.passes_body = settings.pass_request_body && !settings.body;
}

std::shared_ptr<const DynamicPass> make_dynamic_pass(const confparse::Text& target,
                                                     const PassMaking& making) {
  if (confparse::equal_ignoring_case(target.value.substr(0, 8), "https://")) {
    throw confparse::ConfigError(target.position, "https protocol is not supported by sluice yet",
                                 "the peers of this version speak http://");
  }
  auto pass = std::make_shared<DynamicPass>();
  pass->target = routing::Template(target, making.variables);
  pass->named = &making.named;
  pass->resolver = resolver_options(making.resolver, making.resolve);
  pass->resolver_timeout = making.resolver.timeout;
  return pass;
}

}  // namespace

ProxyPass make_proxy_pass(const confparse::Text& target, const confparse::ProxySettings& settings,
                          std::string_view prefix, const PassMaking& making) {
  if (confparse::has_variables(target.value)) {
    ProxyPass pass;
    pass.id = next_id();
    pass.dynamic = make_dynamic_pass(target, making);
    add_headers(pass, settings, target.position, making);
    add_request_rules(pass, settings, making);
    pass.answer = make_answer_rules(settings, std::nullopt, making.variables);
    return pass;
  }
  const PassTarget parts = parse_pass_target(target);
  ProxyPass pass;
  pass.id = next_id();
  pass.host = parts.host;
  pass.port = parts.port;
  pass.uri = parts.uri;
  pass.prefix = prefix;
  find_peers(pass, parts, target.position, making);
  add_headers(pass, settings, target.position, making);
  add_request_rules(pass, settings, making);
  pass.answer = make_answer_rules(settings, implied_redirect(target, pass), making.variables);
  return pass;
}

}  // namespace sluice::proxy
