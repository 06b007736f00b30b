// SPDX-License-Identifier: MIT
#include "upstream/upstream.h"

#include <algorithm>

#include "balancers/strategies.h"
#include "upstream/health.h"

namespace sluice::upstream {
namespace {

bool is_tried(const std::vector<std::uint64_t>& tried, std::size_t peer) {
  return peer / 64 < tried.size() && (tried[peer / 64] >> (peer % 64) & 1) != 0;
}

void mark_tried(std::vector<std::uint64_t>& tried, std::size_t peer) {
  if (peer / 64 >= tried.size()) {
    tried.resize(peer / 64 + 1);
  }
  tried[peer / 64] |= std::uint64_t{1} << (peer % 64);
}

}  // namespace

void Tries::restart(std::string_view client_address, std::string_view key) {
  started_ = false;
  on_backups_ = false;
  left_ = 0;
  tried_.clear();
  state_ = {};
  client_address_ = client_address;
  key_ = key;
}

Upstream::Upstream(const confparse::UpstreamSettings& settings, std::span<const Server> servers,
                   std::size_t id)
    : settings_(settings), id_(id) {
  for (const Server& server : servers) {
    add_peers(*server.settings, server.addresses);
  }
  make_balancers();
}

void Upstream::add_peers(const confparse::UpstreamServer& server,
                         const std::vector<net::Address>& addresses) {
  Group& group = server.backup ? backups_ : primaries_;
  for (const net::Address& address : addresses) {
    balancers::Peer peer;
    peer.name = address.text();
    peer.server = server.address;
    peer.weight = server.weight;
    peer.effective_weight = server.weight;
    peer.max_connections = server.max_connections;
    peer.max_fails = server.max_fails;
    peer.fail_timeout = server.fail_timeout;
    peer.down = server.down;
    peer.backup = server.backup;
    group.endpoints.push_back(std::make_unique<Endpoint>(Endpoint{address, peer.name}));
    group.peers.push_back(std::move(peer));
  }
}

void Upstream::make_balancers() {
  const balancers::Strategy* strategy = balancers::find_strategy(settings_.method);
  primaries_.balancer = strategy->make(settings_.method_words, primaries_.peers);
  backups_.balancer = strategy->make(settings_.method_words, backups_.peers);
}

void Upstream::add_addresses(const confparse::UpstreamServer& server,
                             const std::vector<net::Address>& addresses) {
  const std::lock_guard lock(lock_);
  add_peers(server, addresses);  // strategies notice that there are more
}

void Upstream::seed(std::uint64_t number) {
  const std::lock_guard lock(lock_);
  primaries_.balancer->seed(number);
}

bool Upstream::has_addresses(const confparse::UpstreamServer& server) {
  const std::lock_guard lock(lock_);
  return std::ranges::any_of(
      (server.backup ? backups_ : primaries_).peers,
      [&](const balancers::Peer& peer) { return peer.server == server.address; });
}

bool Upstream::has_peers_of(Upstream& other) {
  const std::scoped_lock lock(lock_, other.lock_);
  const auto same = [](const Group& left, const Group& right) {
    return std::ranges::equal(left.peers, right.peers, {}, &balancers::Peer::name,
                              &balancers::Peer::name);
  };
  return same(primaries_, other.primaries_) && same(backups_, other.backups_);
}

// With one primary and no backup nginx counts no failures: there is nobody else to ask.
bool Upstream::is_single() const {
  return primaries_.peers.size() == 1 && backups_.peers.empty();
}

std::optional<Asked> Upstream::next(Tries& tries, Clock::time_point now) {
  const std::lock_guard lock(lock_);
  if (!tries.started_) {
    tries.started_ = true;
    const auto up = [](const balancers::Peer& peer) { return !peer.down; };
    tries.left_ = static_cast<std::uint32_t>(std::ranges::count_if(primaries_.peers, up) +
                                             std::ranges::count_if(backups_.peers, up));
  }
  std::optional<Asked> asked;
  if (!tries.on_backups_) {
    asked = pick(primaries_, tries, now);
    if (!asked && !backups_.peers.empty()) {
      tries.on_backups_ = true;
      tries.tried_.clear();
      tries.state_ = {};
    }
  }
  if (!asked && tries.on_backups_) {
    asked = pick(backups_, tries, now);
  }
  if (asked && tries.left_ > 0) {
    --tries.left_;
  }
  return asked;
}

std::optional<Asked> Upstream::pick(Group& group, Tries& tries, Clock::time_point now) {
  const Clock::time_point seconds = whole_seconds(now);
  const bool single = is_single();
  group.candidates.reset(group.peers.size());
  for (std::size_t i = 0; i < group.peers.size(); ++i) {
    const balancers::Peer& peer = group.peers[i];
    const bool may_be_asked = !peer.down && !is_full(peer) && !is_tried(tries.tried_, i) &&
                              (single || !is_resting(peer, seconds));
    if (may_be_asked) {
      group.candidates.add(static_cast<balancers::PeerIndex>(i));
    }
  }
  if (group.candidates.empty()) {
    return std::nullopt;
  }
  const balancers::PeerIndex index = group.balancer->pick(
      {group.peers, group.candidates, tries.client_address_, tries.key_, now, tries.state_});
  if (index == balancers::kNobody) {
    // Nobody is good enough (`fair weight_mode=peak`): that module then forgives all of them.
    for (balancers::Peer& forgiven : group.peers) {
      forgiven.fails = 0;
    }
    return std::nullopt;
  }
  balancers::Peer& peer = group.peers[index];
  note_picked(peer, seconds);
  ++peer.connections;
  mark_tried(tries.tried_, index);
  return Asked{index, &group == &backups_, group.endpoints[index].get()};
}

void Upstream::answered(const Asked& asked, const balancers::Outcome& outcome) {
  Group& group = asked.backup ? backups_ : primaries_;
  if (!group.balancer->wants_answered()) {
    return;
  }
  const std::lock_guard lock(lock_);
  group.balancer->answered(group.peers, asked.index, outcome);
}

HealthChange Upstream::report(const Asked& asked, const balancers::Outcome& outcome) {
  const std::lock_guard lock(lock_);
  Group& group = asked.backup ? backups_ : primaries_;
  balancers::Peer& peer = group.peers[asked.index];
  --peer.connections;
  group.balancer->report(group.peers, asked.index, outcome);
  if (is_single() || outcome.called_off) {
    return HealthChange::none;
  }
  if (outcome.failed) {
    return note_failure(peer, whole_seconds(outcome.now)) ? HealthChange::rests
                                                          : HealthChange::none;
  }
  return note_success(peer) ? HealthChange::recovered : HealthChange::none;
}

}  // namespace sluice::upstream
