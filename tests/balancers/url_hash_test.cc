// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "tests/balancers/slots.h"

namespace sluice::balancers {
namespace {

// How many of 6000 keys each peer gets.
std::map<char, int> spread(Group& group) {
  std::map<char, int> picks;
  for (int page = 0; page < 6000; ++page) {
    ++picks[group.ask_for("/page/" + std::to_string(page))];
  }
  return picks;
}

// CRC-32 a bit at a time.
std::uint32_t slow_crc32(const std::string& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool one = ((crc ^ (static_cast<unsigned char>(byte) >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (one ? 0xEDB88320u : 0);
    }
  }
  return ~crc;
}

TEST(UrlHash, KeepsAUriWithItsPeer) {
  Group group{"hash $request_uri", {1, 1, 1}};
  const char peer = group.ask_for("/a?b=c");
  EXPECT_EQ(group.ask(20), std::string(20, peer));
}

TEST(UrlHash, ReachesEachPeerInProportionToItsWeight) {
  Group group{"hash $request_uri", {1, 2, 3}};
  const auto picks = spread(group);
  EXPECT_NEAR(picks.at('A'), 1000, 150);
  EXPECT_NEAR(picks.at('B'), 2000, 150);
  EXPECT_NEAR(picks.at('C'), 3000, 150);
}

TEST(UrlHash, LeavesTheOtherUrisAloneWhenAPeerGoesDownAndComesBack) {
  Group group{"hash $request_uri", {1, 1, 1}};
  for (int page = 0; page < 600; ++page) {
    const char before = group.ask_for("/page/" + std::to_string(page));
    group['B'].down = true;
    const char meanwhile = group.ask();
    group['B'].down = false;
    EXPECT_TRUE(before == 'B' ? meanwhile != 'B' : meanwhile == before);
    EXPECT_EQ(group.ask(), before);
  }
}

TEST(UrlHash, AsksTheOnlyCandidate) {
  Group group{"hash $request_uri", {9, 1, 9}};
  group['A'].down = group['C'].down = true;
  EXPECT_EQ(spread(group).at('B'), 6000);
}

TEST(UrlHash, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  Group group{"hash $request_uri", {1, 1, 1, 1}};
  std::string picks = group.fail_everywhere();
  std::sort(picks.begin(), picks.end());
  EXPECT_EQ(picks, "ABCD");
}

TEST(UrlHash, LetsRoundRobinServeAnEmptyKey) {
  Group group{"hash $arg_user", {1, 1, 1}};
  group.key = "";
  EXPECT_EQ(group.ask(6), "ABCABC");
}

TEST(UrlHash, LooksNoFurtherThanAgainAllows) {
  Group group{"hash $request_uri again=0", {1, 1, 1}};
  const char home = group.ask_for("/a");
  group[home].down = true;
  const std::string picks = group.ask(2);
  EXPECT_NE(picks[0], picks[1]) << "round robin between the two that are left";
}

TEST(UrlHash, CountsAPeerThatJoinsLate) {
  Group group{"hash $request_uri", {1, 1}};
  spread(group);
  group.append(1);
  EXPECT_NEAR(spread(group).at('C'), 2000, 150);
}

TEST(UrlHash, AgreesWithASlowModelWhateverFails) {
  Dice dice{3};
  for (int round = 0; round < 3000; ++round) {
    Weights weights = dice.weights(6, 5);
    weights.push_back(1);  // a single peer is not hashed for
    Group group{"hash $request_uri", weights};
    for (Peer& peer : group.peers) {
      peer.down = dice.one_in(4);
    }
    group.key = std::string(dice.roll(1, 40), 'k') + std::to_string(round);
    std::uint32_t sum = 0;
    int step = 0;
    expect_same_walk(group, {group.peers, [&] {
                               const std::string prefix = step > 0 ? std::to_string(step) : "";
                               ++step;
                               sum += slow_crc32(prefix + group.key) >> 16 & 0x7fff;
                               return sum;
                             }});
  }
}

}  // namespace
}  // namespace sluice::balancers
