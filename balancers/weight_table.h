// SPDX-License-Identifier: MIT
// Which peer owns a number?  Each peer owns as many consecutive numbers as it weighs, in
// configuration order; ip_hash, hash and random turn their number into a peer with it.
//
// `down` peers keep their numbers, so that the other peers keep their clients.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "balancers/balancer.h"

namespace sluice::balancers {

class WeightTable {
 public:
  explicit WeightTable(std::span<const Peer> peers) { rebuild(peers); }

  // Call before each use: peers may have been appended.
  void follow(std::span<const Peer> peers) {
    if (peers.size() != ends_.size()) {
      rebuild(peers);
    }
  }

  [[nodiscard]] std::uint64_t total() const { return ends_.empty() ? 0 : ends_.back(); }

  // The owner of `number` modulo the total weight; there is at least one peer.
  [[nodiscard]] PeerIndex owner(std::uint64_t number) const {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), number % total());
    return static_cast<PeerIndex>(end - ends_.begin());
  }

 private:
  void rebuild(std::span<const Peer> peers) {
    ends_.clear();
    std::uint64_t end = 0;
    for (const Peer& peer : peers) {
      ends_.push_back(end += peer.weight);
    }
  }

  std::vector<std::uint64_t> ends_;  // of peer i: the first number that it does not own
};

}  // namespace sluice::balancers
