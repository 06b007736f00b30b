// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

TEST(LeastConn, AsksIdlePeersInTurn) {
  EXPECT_EQ(Group("least_conn", {1, 1, 1}).ask(6), "ABCABC");
}

TEST(LeastConn, AsksThePeerWithTheFewestAttemptsInFlight) {
  Group group{"least_conn", {1, 1, 1}};
  group['A'].connections = 2;
  group['B'].connections = 1;
  group['C'].connections = 3;
  EXPECT_EQ(group.ask(4), "BBBB");
}

TEST(LeastConn, FillsThePeersInProportionToTheirWeights) {
  Group group{"least_conn", {1, 2, 3}};
  for (int i = 0; i < 60; ++i) {
    group.hold();
  }
  EXPECT_EQ(group['A'].connections, 10u);
  EXPECT_EQ(group['B'].connections, 20u);
  EXPECT_EQ(group['C'].connections, 30u);
}

TEST(LeastConn, BreaksTiesByWeight) {
  EXPECT_EQ(Group("least_conn", {3, 1}).ask(4), "AABA");
}

TEST(LeastConn, AsksTheOnlyCandidateHoweverBusyItIs) {
  Group group{"least_conn", {1, 1}};
  group['A'].connections = 100;
  group['B'].down = true;
  EXPECT_EQ(group.ask(3), "AAA");
}

TEST(LeastConn, AsksAPeerThatComesBack) {
  Group group{"least_conn", {1, 1}};
  group['B'].down = true;
  EXPECT_EQ(group.ask(2), "AA");
  group['B'].down = false;
  EXPECT_EQ(group.ask(4), "ABAB");
}

TEST(LeastConn, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  EXPECT_EQ(Group("least_conn", {1, 1, 1}).fail_everywhere(), "ABC");
}

// Load as a number with 15 digits; smooth weighted round robin among all that share the least.
TEST(LeastConn, AgreesWithASlowModelWhateverTheLoad) {
  Dice dice{4};
  for (int round = 0; round < 300; ++round) {
    Group group{"least_conn", dice.weights(9, 4)};
    std::vector<std::int64_t> scores(group.peers.size());
    for (int step = 0; step < 60; ++step) {
      std::vector<PeerIndex> candidates;
      for (PeerIndex index = 0; index < group.peers.size(); ++index) {
        Peer& peer = group.peers[index];
        peer.down = dice.one_in(4);
        peer.connections = dice.roll(0, 4);
        if (!peer.down) {
          candidates.push_back(index);
        }
      }
      if (candidates.empty()) {
        continue;
      }
      const auto load = [&](PeerIndex index) {
        return static_cast<double>(group.peers[index].connections) / group.peers[index].weight;
      };
      double least = load(candidates[0]);
      for (const PeerIndex index : candidates) {
        least = std::min(least, load(index));
      }
      std::erase_if(candidates, [&](PeerIndex index) { return load(index) > least + 1e-9; });
      PeerIndex best = candidates[0];
      if (candidates.size() > 1) {
        std::int64_t sum = 0;
        for (const PeerIndex index : candidates) {
          scores[index] += group.peers[index].weight;
          sum += group.peers[index].weight;
          best = scores[index] > scores[best] ? index : best;
        }
        scores[best] -= sum;
      }
      ASSERT_EQ(group.ask(), letter(best));
    }
  }
}

}  // namespace
}  // namespace sluice::balancers
