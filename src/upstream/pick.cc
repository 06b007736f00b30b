// SPDX-License-Identifier: MIT
// Who is asked next: the peer a request is bound to, else whom the strategy picks of those who may
// be asked; a backup when there is none.
#include <algorithm>

#include "upstream/health.h"
#include "upstream/upstream.h"

namespace sluice::upstream {
namespace {

using balancers::kNobody;
using balancers::Peer;
using balancers::PeerIndex;

void mark_tried(std::vector<std::uint64_t>& tried, std::size_t peer) {
  if (peer / 64 >= tried.size()) {
    tried.resize(peer / 64 + 1);
  }
  tried[peer / 64] |= std::uint64_t{1} << (peer % 64);
}

}  // namespace

void Tries::restart(std::string_view client_address, std::string_view key,
                    std::string_view bound_to) {
  started_ = false;
  on_backups_ = false;
  left_ = 0;
  tried_primaries_.clear();
  tried_backups_.clear();
  state_ = {};
  client_address_ = client_address;
  key_ = key;
  bound_to_ = bound_to;
}

// With one primary and no backup nginx counts no failures: there is nobody else to ask.
bool Upstream::is_single() const {
  return primaries_.peers.size() == 1 && backups_.peers.empty();
}

std::optional<Asked> Upstream::next(Tries& tries, Clock::time_point now) {
  const std::lock_guard lock(lock_);
  return pick(tries, now);
}

// How many peers may this request ask?
void Upstream::begin(Tries& tries) const {
  tries.started_ = true;
  for (const Group* group : {&primaries_, &backups_}) {
    for (std::size_t i = 0; i < group->peers.size(); ++i) {
      const Peer& peer = group->peers[i];
      const bool is_bound = group->endpoints[i]->route == tries.bound_to_;
      tries.left_ += !peer.down && (!peer.drain || is_bound) ? 1U : 0U;
    }
  }
}

std::optional<Asked> Upstream::pick(Tries& tries, Clock::time_point now) {
  if (!tries.started_) {
    begin(tries);
  }
  std::optional<Asked> asked;
  if (!tries.on_backups_) {
    asked = pick_in(primaries_, tries, now);
    if (!asked && !backups_.peers.empty()) {
      tries.on_backups_ = true;
      tries.state_ = {};
    }
  }
  if (!asked && tries.on_backups_) {
    asked = pick_in(backups_, tries, now);
  }
  if (asked && tries.left_ > 0) {
    --tries.left_;
  }
  return asked;
}

bool Upstream::is_tried(const Group& group, std::size_t index, const Tries& tries) const {
  const auto& tried = &group == &backups_ ? tries.tried_backups_ : tries.tried_primaries_;
  return index / 64 < tried.size() && (tried[index / 64] >> (index % 64) & 1) != 0;
}

// Not down, not tried, not resting; it may be full.
bool Upstream::is_open(const Group& group, std::size_t index, const Tries& tries,
                       Clock::time_point seconds) const {
  const Peer& peer = group.peers[index];
  return !peer.down && !is_tried(group, index, tries) &&
         (is_single() || !is_resting(peer, seconds));
}

// The peer this request is bound to, if it may be asked.
PeerIndex Upstream::find_bound(const Group& group, const Tries& tries,
                               Clock::time_point seconds) const {
  if (tries.bound_to_.empty()) {
    return kNobody;
  }
  for (std::size_t i = 0; i < group.peers.size(); ++i) {
    if (group.endpoints[i]->route == tries.bound_to_ && !is_full(group.peers[i]) &&
        is_open(group, i, tries, seconds)) {
      return static_cast<PeerIndex>(i);
    }
  }
  return kNobody;
}

void Upstream::find_candidates(Group& group, const Tries& tries, Clock::time_point now) const {
  const Clock::time_point seconds = whole_seconds(now);
  if (group.slow > 0) {
    earn_shares(group, now);
  }
  group.candidates.reset(group.peers.size());
  // Usually nobody was tried yet, nobody is full, and nobody has failed: that costs no calls.
  const bool single = is_single();
  const auto& tried = &group == &backups_ ? tries.tried_backups_ : tries.tried_primaries_;
  const auto add = [&](bool held_back) {
    for (std::size_t i = 0; i < group.peers.size(); ++i) {
      const Peer& peer = group.peers[i];
      if (peer.down || peer.drain || is_full(peer) || (!single && is_resting(peer, seconds)) ||
          (!tried.empty() && is_tried(group, i, tries))) {
        continue;
      }
      if ((group.slow > 0 && group.slow_starts[i].is_held_back()) == held_back) {
        group.candidates.add(static_cast<PeerIndex>(i));
      }
    }
  };
  add(false);
  if (group.candidates.empty() && group.slow > 0) {
    add(true);  // better one that is not warm yet than nobody
  }
}

void Upstream::earn_shares(Group& group, Clock::time_point now) {
  double weights = 0;
  for (const Peer& peer : group.peers) {
    weights += peer.down || peer.drain ? 0 : peer.weight;
  }
  for (std::size_t i = 0; i < group.peers.size(); ++i) {
    group.slow_starts[i].earn(group.peers[i].weight / std::max(weights, 1.0), now);
  }
  group.slow =
      static_cast<std::size_t>(std::ranges::count_if(group.slow_starts, &SlowStart::is_running));
}

std::optional<Asked> Upstream::pick_in(Group& group, Tries& tries, Clock::time_point now) {
  const Clock::time_point seconds = whole_seconds(now);
  const PeerIndex bound = find_bound(group, tries, seconds);
  balancers::RequestState apart;  // what a hash walks through stays as it is
  if (bound != kNobody) {
    group.candidates.reset(group.peers.size());
    group.candidates.add(bound);  // so the strategy counts it, and has no choice
  } else {
    find_candidates(group, tries, now);
  }
  if (group.candidates.empty()) {
    return std::nullopt;
  }
  const PeerIndex picked =
      group.balancer->pick({group.peers, group.candidates, tries.client_address_, tries.key_, now,
                            bound != kNobody ? apart : tries.state_});
  const PeerIndex index = bound != kNobody ? bound : picked;
  if (index == kNobody) {
    // Nobody is good enough (`fair weight_mode=peak`): that module then forgives all of them.
    for (Peer& forgiven : group.peers) {
      forgiven.fails = 0;
      forgiven.rests_since = {};
    }
    return std::nullopt;
  }
  Peer& peer = group.peers[index];
  note_picked(peer, seconds);
  ++peer.connections;
  if (group.slow > 0) {
    group.slow_starts[index].spend();
  }
  mark_tried(&group == &backups_ ? tries.tried_backups_ : tries.tried_primaries_, index);
  return Asked{index, &group == &backups_, group.endpoints[index].get(), now};
}

}  // namespace sluice::upstream
