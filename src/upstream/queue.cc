// SPDX-License-Identifier: MIT
// `queue`: a request for which only max_conns leaves nobody waits until a peer has room again.
// First come, first served; whoever reports an attempt's end gives the room to the next.
#include <algorithm>

#include "upstream/health.h"
#include "upstream/upstream.h"

namespace sluice::upstream {

Upstream::Place Upstream::next_or_wait(Tries& tries, Clock::time_point now, Waiting& waiting) {
  const std::lock_guard lock(lock_);
  waiting.asked = pick(tries, now);
  if (waiting.asked) {
    return Place::has_peer;
  }
  if (!waits_for_room(tries, now)) {
    return Place::nothing_to_wait_for;
  }
  if (queue_.size() >= settings_.queue.most) {
    return Place::queue_is_full;
  }
  // Primaries that get room later come before the backups again.
  tries.on_backups_ = false;
  waiting.tries_ = &tries;
  queue_.push_back(&waiting);
  return Place::waits;
}

void Upstream::leave(Waiting& waiting) {
  const std::lock_guard lock(lock_);
  if (waiting.tries_ != nullptr) {
    queue_.remove(&waiting);
    waiting.tries_ = nullptr;
  }
}

// Is there a peer that is only full?
bool Upstream::waits_for_room(const Tries& tries, Clock::time_point now) const {
  const Clock::time_point seconds = whole_seconds(now);
  const auto has_full_peer = [&](const Group& group) {
    for (std::size_t i = 0; i < group.peers.size(); ++i) {
      const balancers::Peer& peer = group.peers[i];
      const bool is_bound = group.endpoints[i]->route == tries.bound_to_;
      if (is_full(peer) && (!peer.drain || is_bound) && is_open(group, i, tries, seconds)) {
        return true;
      }
    }
    return false;
  };
  return has_full_peer(primaries_) || has_full_peer(backups_);
}

// Who waits longest is called first.  One who has asked somebody before may have no use for the
// room there is now; for all others there is none if there is none for the first.
void Upstream::serve_queue(Clock::time_point now) {
  for (auto place = queue_.begin(); place != queue_.end();) {
    Waiting& waiting = **place;
    waiting.asked = pick(*waiting.tries_, now);
    if (!waiting.asked) {
      waiting.tries_->on_backups_ = false;
      if (waiting.tries_->tried_primaries_.empty() && waiting.tries_->tried_backups_.empty()) {
        return;
      }
      ++place;
      continue;
    }
    waiting.tries_ = nullptr;
    place = queue_.erase(place);
    waiting.called();
  }
}

}  // namespace sluice::upstream
