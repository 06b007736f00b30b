// SPDX-License-Identifier: MIT
// Smooth weighted round robin: turns in proportion to the weights, spread evenly (AABACAA).
//
// The round_robin strategy is this and nothing else; the others fall back to it, or break their
// ties with it.  Its state lives in the peers: current_weight and effective_weight.
#pragma once

#include <cstdint>
#include <span>

#include "balancers/balancer.h"

namespace sluice::balancers {

// The next of those candidates for which may_win(index) holds; kNobody if there are none.
template <class MayWin>
PeerIndex smooth_pick_if(std::span<Peer> peers, const Candidates& candidates, MayWin may_win) {
  Peer* best = nullptr;
  std::int64_t total = 0;
  candidates.for_each([&](PeerIndex index) {
    if (!may_win(index)) {
      return;
    }
    Peer& peer = peers[index];
    peer.current_weight += peer.effective_weight;
    total += peer.effective_weight;
    peer.effective_weight += peer.effective_weight < std::int64_t{peer.weight} ? 1 : 0;
    if (best == nullptr || peer.current_weight > best->current_weight) {
      best = &peer;
    }
  });
  if (best == nullptr) {
    return kNobody;
  }
  best->current_weight -= total;
  return static_cast<PeerIndex>(best - peers.data());
}

inline PeerIndex smooth_pick(const Choice& choice) {
  return smooth_pick_if(choice.peers, choice.candidates, [](PeerIndex) { return true; });
}

}  // namespace sluice::balancers
