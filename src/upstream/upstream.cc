// SPDX-License-Identifier: MIT
// What an upstream is made of, and what becomes of its peers.  pick.cc: who is asked next;
// queue.cc: who waits for that.
#include "upstream/upstream.h"

#include <algorithm>

#include "balancers/strategies.h"
#include "upstream/health.h"
#include "upstream/md5.h"

namespace sluice::upstream {

Upstream::Upstream(const confparse::UpstreamSettings& settings, std::span<const Server> servers,
                   std::size_t id)
    : settings_(settings), id_(id) {
  for (const Server& server : servers) {
    add_peers(*server.settings, server.addresses);
  }
  make_balancers();
  if (settings_.sticky.kind == confparse::StickySettings::Kind::learn) {
    sessions_ = std::make_shared<Sessions>(settings_.sticky);
  }
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
    peer.drain = server.drain;
    peer.backup = server.backup;
    group.endpoints.push_back(std::make_unique<Endpoint>(
        Endpoint{address, peer.name, server.route.empty() ? md5_hex(peer.name) : server.route}));
    group.slow_starts.emplace_back(server.slow_start);
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

void Upstream::inherit(Upstream& other) {
  const std::scoped_lock lock(lock_, other.lock_);
  for (const auto& [mine, theirs] :
       {std::pair{&primaries_, &other.primaries_}, std::pair{&backups_, &other.backups_}}) {
    for (balancers::Peer& peer : mine->peers) {
      const auto known = std::ranges::find(theirs->peers, peer.name, &balancers::Peer::name);
      if (known != theirs->peers.end()) {
        peer.fails = known->fails;
        peer.accessed = known->accessed;
        peer.checked = known->checked;
        peer.rests_since = known->rests_since;
      }
    }
  }
  const confparse::StickySettings& sticky = settings_.sticky;
  const confparse::StickySettings& before = other.settings_.sticky;
  if (sessions_ && other.sessions_ && sticky.zone == before.zone &&
      sticky.zone_size == before.zone_size && sticky.timeout == before.timeout) {
    sessions_ = other.sessions_;
  }
}

bool Upstream::has_peers_of(Upstream& other) {
  const std::scoped_lock lock(lock_, other.lock_);
  const auto same = [](const Group& left, const Group& right) {
    return std::ranges::equal(left.peers, right.peers, {}, &balancers::Peer::name,
                              &balancers::Peer::name);
  };
  return same(primaries_, other.primaries_) && same(backups_, other.backups_);
}

void Upstream::answered(const Asked& asked, const balancers::Outcome& outcome) {
  Group& group = asked.backup ? backups_ : primaries_;
  if (!group.balancer->wants_answered()) {
    return;
  }
  balancers::Outcome told = outcome;
  told.asked = asked.at;
  const std::lock_guard lock(lock_);
  group.balancer->answered(group.peers, asked.index, told);
}

HealthChange Upstream::report(const Asked& asked, const balancers::Outcome& outcome) {
  balancers::Outcome told = outcome;
  told.asked = asked.at;
  const std::lock_guard lock(lock_);
  Group& group = asked.backup ? backups_ : primaries_;
  --group.peers[asked.index].connections;
  group.balancer->report(group.peers, asked.index, told);
  const HealthChange change =
      is_single() || outcome.called_off ? HealthChange{} : note_health(group, asked, outcome);
  if (!queue_.empty()) {
    serve_queue(outcome.now);
  }
  return change;
}

HealthChange Upstream::note_health(Group& group, const Asked& asked,
                                   const balancers::Outcome& outcome) {
  balancers::Peer& peer = group.peers[asked.index];
  SlowStart& slow_start = group.slow_starts[asked.index];
  HealthChange change{HealthChange::none, peer.rests_since, peer.fails, peer.fail_timeout};
  if (!outcome.failed) {
    if (note_success(peer)) {
      change.kind = HealthChange::recovered;
      slow_start.begin(outcome.now);
    }
  } else if (note_failure(peer, whole_seconds(outcome.now))) {
    change = {HealthChange::rests, peer.rests_since, peer.fails, peer.fail_timeout};
    slow_start.end();
  }
  group.slow =
      static_cast<std::size_t>(std::ranges::count_if(group.slow_starts, &SlowStart::is_running));
  return change;
}

}  // namespace sluice::upstream
