// SPDX-License-Identifier: MIT
// The peer with the fewest attempts in flight for its weight; ties in turn.  As in nginx.
#include "balancers/load.h"
#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"

namespace sluice::balancers {
namespace {

class LeastConn final : public Balancer {
 public:
  PeerIndex pick(const Choice& choice) override {
    const std::span<Peer> peers = choice.peers;
    PeerIndex least = kNobody;
    bool tied = false;
    choice.candidates.for_each([&](PeerIndex index) {
      const auto order =
          least == kNobody ? std::strong_ordering::less : compare_load(peers[index], peers[least]);
      if (order < 0) {
        least = index;
      }
      tied = order == 0 || (tied && order > 0);
    });
    // Without a tie nobody's turn is used up: nginx leaves current_weight alone then, too.
    if (!tied) {
      return least;
    }
    const Peer& model = peers[least];
    return smooth_pick_if(peers, choice.candidates,
                          [&](PeerIndex index) { return compare_load(peers[index], model) == 0; });
  }
};

}  // namespace

std::unique_ptr<Balancer> make_least_conn(Words, std::span<const Peer>) {
  return std::make_unique<LeastConn>();
}

}  // namespace sluice::balancers
