// SPDX-License-Identifier: MIT
#include "proxy/runtime_upstreams.h"

#include "proxy/dynamic_target.h"

namespace sluice::proxy {
namespace {

std::shared_ptr<upstream::Upstream> make(std::string_view authority,
                                         const std::vector<net::Address>& addresses) {
  confparse::UpstreamSettings settings;
  settings.name = authority;
  settings.servers.emplace_back();
  settings.servers.back().address = authority;
  const upstream::Upstream::Server server{&settings.servers.back(), addresses};
  return std::make_shared<upstream::Upstream>(settings, std::span(&server, 1),
                                              upstream::kRuntimeId);
}

// Of an address written out; nothing for a name.
std::optional<net::Address> address_of(const TargetParts& target) {
  if (target.is_unix || target.has_port) {
    return net::Address::parse(target.authority);
  }
  return net::Address::parse(std::string(target.authority) + ":80");
}

}  // namespace

std::shared_ptr<upstream::Upstream> RuntimeUpstreams::find(const TargetParts& target,
                                                           net::SteadyTime now) {
  if (const auto known = by_authority_.find(target.authority); known != by_authority_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    const Entry& entry = entries_.front();
    return entry.valid_until > now ? entry.upstream : nullptr;
  }
  if (const auto address = address_of(target)) {
    return put(target.authority, {*address}, net::SteadyTime::max());
  }
  return nullptr;
}

std::shared_ptr<upstream::Upstream> RuntimeUpstreams::put(const TargetParts& target,
                                                          const net::Resolved& resolved) {
  std::vector<net::Address> addresses = resolved.addresses;
  for (net::Address& address : addresses) {
    address.set_port(target.port);
  }
  return put(target.authority, std::move(addresses), resolved.valid_until);
}

std::shared_ptr<upstream::Upstream> RuntimeUpstreams::put(std::string_view authority,
                                                          std::vector<net::Address> addresses,
                                                          net::SteadyTime valid_until) {
  auto known = by_authority_.find(authority);
  if (known == by_authority_.end()) {
    if (entries_.size() >= kMost) {
      by_authority_.erase(entries_.back().authority);
      entries_.pop_back();
    }
    entries_.push_front({std::string(authority), {}, nullptr, {}});
    known = by_authority_.emplace(entries_.front().authority, entries_.begin()).first;
  }
  Entry& entry = *known->second;
  entry.valid_until = valid_until;
  if (!entry.upstream || !std::ranges::equal(entry.addresses, addresses)) {
    entry.upstream = make(authority, addresses);
    entry.addresses = std::move(addresses);
  }
  return entry.upstream;
}

}  // namespace sluice::proxy
