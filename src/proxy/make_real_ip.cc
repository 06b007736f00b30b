// SPDX-License-Identifier: MIT
#include "proxy/make_real_ip.h"

#include <algorithm>

#include "confparse/error.h"
#include "net/address.h"

namespace sluice::proxy {
namespace {

void add_addresses(const confparse::Text& name, std::vector<confparse::Network>& networks) {
  std::string error;
  const std::vector<net::Address> addresses = net::resolve_blocking(name.value, 0, error);
  if (addresses.empty()) {
    throw confparse::ConfigError(name.position,
                                 "host not found in set_real_ip_from \"" + name.value + "\"",
                                 "expected an address, a network as in \"10.0.0.0/8\", \"unix:\" "
                                 "or a name that resolves");
  }
  for (const net::Address& address : addresses) {
    const std::string_view bytes = address.bytes();
    confparse::Network network;
    std::ranges::copy(bytes, network.bytes.begin());
    network.size = static_cast<std::uint8_t>(bytes.size());
    network.bits = static_cast<std::uint8_t>(bytes.size() * 8);
    networks.push_back(network);
  }
}

}  // namespace

std::optional<routing::RealIp> make_real_ip(const confparse::RealIpSettings& settings,
                                            bool resolve) {
  std::vector<confparse::Network> networks = settings.from;
  for (const confparse::Text& name : settings.names) {
    if (resolve) {
      add_addresses(name, networks);
    }
  }
  if (networks.empty()) {
    return std::nullopt;
  }
  return routing::RealIp(std::move(networks), settings.header, settings.recursive);
}

}  // namespace sluice::proxy
