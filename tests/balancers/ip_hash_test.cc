// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "tests/balancers/slots.h"

namespace sluice::balancers {
namespace {

std::string address(std::uint32_t number) {
  return "10." + std::to_string(number / 65536 % 256) + "." + std::to_string(number / 256 % 256) +
         "." + std::to_string(number % 256);
}

// How many of 6000 networks each peer gets.
std::map<char, int> spread(Group& group) {
  std::map<char, int> picks;
  for (std::uint32_t network = 0; network < 6000; ++network) {
    ++picks[group.ask_from(address(network * 256))];
  }
  return picks;
}

TEST(IpHash, KeepsAClientWithItsPeer) {
  Group group{"ip_hash", {1, 1, 1}};
  const char peer = group.ask_from("203.0.113.9");
  EXPECT_EQ(group.ask(20), std::string(20, peer));
}

TEST(IpHash, KeepsAWholeNetworkOfIpv4Together) {
  Group group{"ip_hash", {1, 1, 1}};
  EXPECT_EQ(group.ask_from("203.0.113.1"), group.ask_from("203.0.113.254"));
}

TEST(IpHash, LooksAtAllBytesOfIpv6) {
  Group group{"ip_hash", {1, 1, 1}};
  std::set<char> picks;
  for (char last = 0; last < 30; ++last) {
    group.client = std::string(15, '\x20') + last;
    picks.insert(group.ask());
  }
  EXPECT_EQ(picks.size(), 3u);
}

TEST(IpHash, SendsAllClientsOfAUnixSocketToOnePeer) {
  Group group{"ip_hash", {1, 1, 1}};
  group.client = "";
  const char peer = group.ask();
  EXPECT_EQ(group.ask(9), std::string(9, peer));
}

TEST(IpHash, ReachesEachPeerInProportionToItsWeight) {
  Group group{"ip_hash", {1, 2, 3}};
  const auto picks = spread(group);
  EXPECT_NEAR(picks.at('A'), 1000, 150);
  EXPECT_NEAR(picks.at('B'), 2000, 150);
  EXPECT_NEAR(picks.at('C'), 3000, 150);
}

TEST(IpHash, LeavesTheOtherClientsAloneWhenAPeerGoesDownAndComesBack) {
  Group group{"ip_hash", {1, 1, 1}};
  for (std::uint32_t network = 0; network < 600; ++network) {
    const char before = group.ask_from(address(network * 256));
    group['B'].down = true;
    const char meanwhile = group.ask();
    group['B'].down = false;
    EXPECT_TRUE(before == 'B' ? meanwhile != 'B' : meanwhile == before);
    EXPECT_EQ(group.ask(), before);
  }
}

TEST(IpHash, AsksTheOnlyCandidate) {
  Group group{"ip_hash", {9, 1, 9}};
  group['A'].down = group['C'].down = true;
  EXPECT_EQ(spread(group).at('B'), 6000);
}

TEST(IpHash, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  Group group{"ip_hash", {1, 1, 1, 1}};
  std::string picks = group.fail_everywhere();
  std::sort(picks.begin(), picks.end());
  EXPECT_EQ(picks, "ABCD");
}

TEST(IpHash, CountsAPeerThatJoinsLate) {
  Group group{"ip_hash", {1, 1}};
  spread(group);
  group.append(1);
  EXPECT_NEAR(spread(group).at('C'), 2000, 150);
}

TEST(IpHash, AgreesWithASlowModelWhateverFails) {
  Dice dice{2};
  for (int round = 0; round < 3000; ++round) {
    Weights weights = dice.weights(6, 5);
    weights.push_back(1);  // a single peer is not hashed for
    Group group{"ip_hash", weights};
    for (Peer& peer : group.peers) {
      peer.down = dice.one_in(4);
    }
    group.client = ipv4(address(dice.roll(0, 1 << 24)));
    std::uint32_t hash = 89;
    expect_same_walk(group, {group.peers, [&] {
                               for (std::size_t i = 0; i < 3; ++i) {
                                 hash *= 113;
                                 hash += static_cast<unsigned char>(group.client[i]);
                                 hash %= 6271;
                               }
                               return hash;
                             }});
  }
}

}  // namespace
}  // namespace sluice::balancers
