// SPDX-License-Identifier: MIT
// The slow, obvious model of ip_hash and hash: one slot for each unit of weight, and a request that
// looks at one slot after the other until it finds a peer that may be asked.
#pragma once

#include <functional>

#include "tests/balancers/group.h"

namespace sluice::balancers {

class SlotWalk {
 public:
  // `next` gives the next hash of this request.
  SlotWalk(std::span<const Peer> peers, std::function<std::uint32_t()> next)
      : next_(std::move(next)) {
    for (PeerIndex peer = 0; peer < peers.size(); ++peer) {
      slots_.insert(slots_.end(), peers[peer].weight, peer);
    }
  }

  // kNobody: more than 20 slots were of no use, round robin decides.
  PeerIndex find(const std::set<PeerIndex>& may_be_asked) {
    while (useless_ <= 20) {
      const PeerIndex owner = slots_[next_() % slots_.size()];
      if (may_be_asked.contains(owner)) {
        return owner;
      }
      ++useless_;
    }
    return kNobody;
  }

 private:
  std::vector<PeerIndex> slots_;
  std::function<std::uint32_t()> next_;
  int useless_ = 0;
};

// One request of `group` whose attempts all fail, beside its model.
inline void expect_same_walk(Group& group, SlotWalk walk) {
  std::set<PeerIndex> tried;
  std::set<PeerIndex> left;
  for (PeerIndex peer = 0; peer < group.peers.size(); ++peer) {
    if (!group.peers[peer].down) {
      left.insert(peer);
    }
  }
  RequestState request;
  while (!left.empty()) {
    const PeerIndex expected = walk.find(left);
    const PeerIndex peer = group.hold(request, tried);
    ASSERT_TRUE(expected == kNobody || peer == expected) << letter(peer) << letter(expected);
    left.erase(peer);
    tried.insert(peer);
  }
}

}  // namespace sluice::balancers
