// SPDX-License-Identifier: MIT
#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

TEST(RoundRobin, AsksEachPeerInTurn) {
  EXPECT_EQ(Group("", {1, 1, 1}).ask(7), "ABCABCA");
}

TEST(RoundRobin, TakesEqualWeightsAsNoWeights) {
  EXPECT_EQ(Group("", {4, 4, 4}).ask(7), "ABCABCA");
}

TEST(RoundRobin, SpreadsTheTurnsOfAHeavyPeer) {
  EXPECT_EQ(Group("", {3, 7}).ask(10), "BABBABBBAB");
}

TEST(RoundRobin, AsksTheOnlyCandidate) {
  Group group{"", {5, 1, 1}};
  group['A'].down = group['C'].down = true;
  EXPECT_EQ(group.ask(5), "BBBBB");
}

TEST(RoundRobin, GivesAPeerThatComesBackItsTurns) {
  Group group{"", {1, 1, 1}};
  group['B'].down = true;
  EXPECT_EQ(group.ask(4), "ACAC");
  group['B'].down = false;
  EXPECT_EQ(group.ask(6), "ABCABC");
}

TEST(RoundRobin, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  EXPECT_EQ(Group("", {1, 1, 1}).fail_everywhere(), "ABC");
}

TEST(RoundRobin, LetsAPeerWhoseEffectiveWeightSankRecoverByPicks) {
  Group group{"", {3, 3}};
  group['A'].effective_weight = 0;
  EXPECT_EQ(group.ask(8), "BBABABAB");
  EXPECT_EQ(group['A'].effective_weight, 3);
}

// The rule as nginx's documentation tells it, on plain lists.
class SlowRoundRobin {
 public:
  explicit SlowRoundRobin(const Weights& weights)
      : full_(weights.begin(), weights.end()), present_(full_), scores_(weights.size()) {}

  void weaken(std::size_t peer, std::int64_t by) {
    present_[peer] = std::max<std::int64_t>(0, present_[peer] - by);
  }

  std::size_t pick(const std::vector<std::size_t>& candidates) {
    std::int64_t sum = 0;
    for (const std::size_t peer : candidates) {
      scores_[peer] += present_[peer];
      sum += present_[peer];
      present_[peer] = std::min(full_[peer], present_[peer] + 1);
    }
    const std::size_t best = *std::max_element(
        candidates.begin(), candidates.end(),
        [&](std::size_t one, std::size_t other) { return scores_[one] < scores_[other]; });
    scores_[best] -= sum;
    return best;
  }

 private:
  std::vector<std::int64_t> full_, present_, scores_;
};

TEST(RoundRobin, AgreesWithASlowModelWhateverFails) {
  Dice dice{1};
  for (int round = 0; round < 300; ++round) {
    const Weights weights = dice.weights(70, 9);
    Group group{"", weights};
    SlowRoundRobin model{weights};
    for (int step = 0; step < 100; ++step) {
      std::vector<std::size_t> candidates;
      for (std::size_t peer = 0; peer < weights.size(); ++peer) {
        group.peers[peer].down = dice.one_in(4);
        if (!group.peers[peer].down) {
          candidates.push_back(peer);
        }
      }
      if (candidates.empty()) {
        continue;
      }
      const std::size_t expected = model.pick(candidates);
      ASSERT_EQ(group.ask(), letter(static_cast<PeerIndex>(expected)));
      if (dice.one_in(5)) {  // what the upstream does when the attempt failed
        const std::uint32_t by = weights[expected] / dice.roll(1, 3);
        Peer& peer = group.peers[expected];
        peer.effective_weight = std::max<std::int64_t>(0, peer.effective_weight - by);
        model.weaken(expected, by);
      }
    }
  }
}

}  // namespace
}  // namespace sluice::balancers
