// SPDX-License-Identifier: MIT
#include "proxy/make_upstream.h"

#include <algorithm>
#include <atomic>
#include <tuple>

#include "proxy/proxy_pass.h"

namespace sluice::proxy {
namespace {

// Workers keep their idle connections by this number, so it is never used twice.
std::size_t next_upstream_id() {
  static std::atomic<std::size_t> next{0};
  return next++;
}

auto identity(const confparse::UpstreamServer& server) {
  return std::tie(server.address, server.weight, server.max_connections, server.max_fails,
                  server.fail_timeout, server.down, server.backup, server.drain, server.route,
                  server.slow_start);
}

auto identity(const confparse::UpstreamSettings& settings) {
  return std::tie(settings.name, settings.method, settings.method_words, settings.keepalive,
                  settings.keepalive_local, settings.keepalive_requests, settings.keepalive_time,
                  settings.keepalive_timeout, settings.queue.most, settings.queue.timeout);
}

bool is_same_text(const confparse::Text& left, const confparse::Text& right) {
  return left.value == right.value;
}

bool is_same_sticky(const confparse::StickySettings& left, const confparse::StickySettings& right) {
  const auto plain = [](const confparse::StickySettings& sticky) {
    return std::tie(sticky.kind, sticky.cookie, sticky.expires, sticky.expires_never,
                    sticky.domain.value, sticky.path, sticky.same_site.value, sticky.http_only,
                    sticky.secure, sticky.zone, sticky.zone_size, sticky.timeout, sticky.at_head);
  };
  return plain(left) == plain(right) &&
         std::ranges::equal(left.lookup, right.lookup, is_same_text) &&
         std::ranges::equal(left.create, right.create, is_same_text);
}

}  // namespace

std::vector<net::Address> addresses_of(const confparse::UpstreamServer& server,
                                       std::uint16_t default_port, bool resolve,
                                       std::string& trouble) {
  if (server.address.starts_with("unix:")) {
    if (const auto address = net::Address::parse(server.address)) {
      return {*address};
    }
    throw confparse::ConfigError(
        server.position, "too long path in the unix domain socket \"" + server.address + "\"");
  }
  const auto parts = split_host_port(server.address);
  if (!parts) {
    throw confparse::ConfigError(server.position,
                                 "invalid port in upstream \"" + server.address + "\"");
  }
  const std::uint16_t port = parts->port.value_or(default_port);
  if (const auto address = net::Address::parse(parts->host + ":" + std::to_string(port))) {
    return {*address};
  }
  if (!resolve) {
    return {};
  }
  return net::resolve_blocking(parts->host, port, trouble);
}

MadeUpstream make_upstream(const confparse::UpstreamSettings& settings, std::uint16_t default_port,
                           bool resolve) {
  MadeUpstream made;
  std::vector<upstream::Upstream::Server> servers;
  for (std::size_t i = 0; i < settings.servers.size(); ++i) {
    const confparse::UpstreamServer& server = settings.servers[i];
    std::string trouble;
    std::vector<net::Address> addresses = addresses_of(server, default_port, resolve, trouble);
    if (addresses.empty()) {
      made.unresolved.push_back(i);
      if (resolve) {
        made.warnings.push_back({server.position,
                                 "host not found in upstream \"" + server.address + "\"",
                                 trouble + "; it is left out and asked for again"});
      }
    }
    servers.push_back({&server, std::move(addresses)});
  }
  made.upstream = std::make_shared<upstream::Upstream>(settings, servers, next_upstream_id());
  return made;
}

bool is_same_upstream(const confparse::UpstreamSettings& left,
                      const confparse::UpstreamSettings& right) {
  return identity(left) == identity(right) && is_same_sticky(left.sticky, right.sticky) &&
         std::ranges::equal(left.servers, right.servers, [](const auto& one, const auto& other) {
           return identity(one) == identity(other);
         });
}

}  // namespace sluice::proxy
