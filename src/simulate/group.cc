// SPDX-License-Identifier: MIT
#include "simulate/group.h"

#include "confparse/address.h"
#include "net/address.h"

namespace sluice::simulate {
namespace {

std::optional<net::Address> address_of(const confparse::UpstreamServer& server) {
  const confparse::PeerAddress parts = confparse::parse_peer(server.address, false).address;
  if (parts.is_unix) {
    return net::Address::parse(server.address);
  }
  return net::Address::parse(parts.host + ":" + std::to_string(parts.port.value_or(80)));
}

}  // namespace

Clock::time_point clock_time(Micros time) {
  return Clock::time_point(std::chrono::hours{100'000}) + time;
}

bool is_name(const confparse::UpstreamServer& server) {
  return !address_of(server);
}

Group::Group(const confparse::UpstreamSettings& settings, std::uint64_t seed) {
  // Stands for names: nothing is ever sent there, and strategies go by the configured name.
  const net::Address somewhere = *net::Address::parse("192.0.2.1:80");
  std::vector<upstream::Upstream::Server> servers;
  for (std::size_t line = 0; line < settings.servers.size(); ++line) {
    const confparse::UpstreamServer& server = settings.servers[line];
    servers.push_back({&server, {address_of(server).value_or(somewhere)}});
    (server.backup ? backups_ : primaries_).push_back(line);
  }
  upstream_ = std::make_unique<upstream::Upstream>(settings, servers, 0);
  upstream_->seed(seed);
}

}  // namespace sluice::simulate
