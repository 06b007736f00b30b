// SPDX-License-Identifier: MIT
#include "proxy/make_resolver.h"

#include <algorithm>
#include <iterator>

#include "confparse/error.h"
#include "proxy/proxy_pass.h"

namespace sluice::proxy {
namespace {

std::vector<net::Address> addresses_of(const confparse::Text& server, bool resolve) {
  constexpr std::uint16_t kDnsPort = 53;
  const auto parts = split_host_port(server.value);
  const std::uint16_t port = parts->port.value_or(kDnsPort);
  if (const auto address = net::Address::parse(parts->host + ":" + std::to_string(port))) {
    return {*address};
  }
  std::string trouble;
  std::vector<net::Address> addresses;
  if (resolve) {
    addresses = net::resolve_blocking(parts->host, port, trouble);
    if (addresses.empty()) {
      throw confparse::ConfigError(server.position,
                                   "host not found in resolver \"" + server.value + "\"", trouble);
    }
  }
  return addresses;
}

}  // namespace

net::ResolverOptions resolver_options(const confparse::ResolverSettings& settings, bool resolve) {
  net::ResolverOptions options;
  for (const confparse::Text& server : settings.servers) {
    std::ranges::move(addresses_of(server, resolve), std::back_inserter(options.servers));
  }
  options.valid = settings.valid;
  options.ipv4 = settings.ipv4;
  options.ipv6 = settings.ipv6;
  return options;
}

}  // namespace sluice::proxy
