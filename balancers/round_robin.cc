// SPDX-License-Identifier: MIT
// Each peer in turn, as often as it weighs: the default, and `weight=` is the same strategy.
// What nginx does without a method line.  The idea itself stands in smooth_weighted.h.
#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"

namespace sluice::balancers {
namespace {

class RoundRobin final : public Balancer {
 public:
  PeerIndex pick(const Choice& choice) override { return smooth_pick(choice); }
};

}  // namespace

std::unique_ptr<Balancer> make_round_robin(Words, std::span<const Peer>) {
  return std::make_unique<RoundRobin>();
}

}  // namespace sluice::balancers
