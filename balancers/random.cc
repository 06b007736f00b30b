// SPDX-License-Identifier: MIT
// `random`: a draw in proportion to the weights.  `random two`: two draws, the less loaded wins,
// which keeps proxies that know nothing of each other from crowding the same peer.
#include <random>

#include "balancers/load.h"
#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"
#include "balancers/weight_table.h"

namespace sluice::balancers {
namespace {

// So many draws may hit peers that cannot be asked before round robin decides, as in nginx.
constexpr std::uint32_t kMaxDraws = 20;

class Random final : public Balancer {
 public:
  Random(bool two, std::span<const Peer> peers) : two_(two), weights_(peers) {}

  PeerIndex pick(const Choice& choice) override {
    if (choice.candidates.count() == 1) {
      return choice.candidates.first_from(0);
    }
    weights_.follow(choice.peers);
    const PeerIndex one = draw(choice, kNobody);
    const PeerIndex other = two_ && one != kNobody ? draw(choice, one) : one;
    if (other == kNobody) {
      return smooth_pick(choice);
    }
    return compare_load(choice.peers[other], choice.peers[one]) > 0 ? one : other;
  }

  void seed(std::uint64_t number) override { numbers_.seed(number); }

 private:
  // A candidate other than `taken`, or kNobody when luck is against us.
  PeerIndex draw(const Choice& choice, PeerIndex taken) {
    for (std::uint32_t draws = 0; draws <= kMaxDraws; ++draws) {
      const PeerIndex peer = weights_.owner(numbers_());
      if (peer != taken && choice.candidates.contains(peer)) {
        return peer;
      }
    }
    return kNobody;
  }

  const bool two_;
  WeightTable weights_;
  std::mt19937_64 numbers_{std::random_device{}()};
};

}  // namespace

// random;  random two;  random two least_conn;  the last two mean the same.
std::string complain_random(Words words) {
  if (!words.empty() && words[0] != "two") {
    return "invalid parameter \"" + words[0] + "\"";
  }
  if (words.size() > 1 && words[1] != "least_conn") {
    return "invalid parameter \"" + words[1] + "\"";
  }
  return {};
}

std::unique_ptr<Balancer> make_random(Words words, std::span<const Peer> peers) {
  return std::make_unique<Random>(!words.empty(), peers);
}

}  // namespace sluice::balancers
