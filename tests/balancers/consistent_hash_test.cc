// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

std::string page(int number) {
  return "/page/" + std::to_string(number);
}

std::map<char, int> spread(Group& group) {
  std::map<char, int> picks;
  for (int number = 0; number < 6000; ++number) {
    ++picks[group.ask_for(page(number))];
  }
  return picks;
}

TEST(ConsistentHash, ReachesEachPeerRoughlyInProportionToItsWeight) {
  Group group{"hash $request_uri consistent", {1, 2, 3}};
  const auto picks = spread(group);
  EXPECT_NEAR(picks.at('A'), 1000, 300);
  EXPECT_NEAR(picks.at('B'), 2000, 300);
  EXPECT_NEAR(picks.at('C'), 3000, 300);
}

TEST(ConsistentHash, MovesOnlyTheKeysThatAPeerMoreTakesOver) {
  Group before{"hash $request_uri consistent", {1, 1, 1, 1}};
  Group after{"hash $request_uri consistent", {1, 1, 1, 1, 1}};
  for (int number = 0; number < 2000; ++number) {
    const char peer = after.ask_for(page(number));
    EXPECT_TRUE(peer == 'E' || peer == before.ask_for(page(number))) << number;
  }
}

TEST(ConsistentHash, TakesAPeerThatJoinsLateForOneThatWasThereFromTheStart) {
  Group late{"hash $request_uri consistent", {1, 1}};
  spread(late);
  late.append(1);
  Group early{"hash $request_uri consistent", {1, 1, 1}};
  EXPECT_EQ(spread(late), spread(early));
}

TEST(ConsistentHash, LeavesTheOtherKeysAloneWhenAPeerGoesDownAndComesBack) {
  Group group{"hash $request_uri consistent", {1, 1, 1}};
  for (int number = 0; number < 600; ++number) {
    const char before = group.ask_for(page(number));
    group['B'].down = true;
    const char meanwhile = group.ask();
    group['B'].down = false;
    EXPECT_TRUE(before == 'B' ? meanwhile != 'B' : meanwhile == before);
    EXPECT_EQ(group.ask(), before);
  }
}

TEST(ConsistentHash, TakesTurnsAmongTheAddressesOfOneName) {
  Group group{"hash $request_uri consistent", {1, 1, 1}};
  group['A'].server = group['C'].server = "app.internal:8000";
  group.append(1).server = "app.internal:8000";  // also makes it draw its ring anew
  std::map<char, int> picks = spread(group);
  EXPECT_GT(picks['B'], 1000);
  EXPECT_NEAR(picks['A'], picks['C'], 1);
  EXPECT_NEAR(picks['A'], picks['D'], 1);
}

// The ring of one name is that of its heaviest line, wherever the others stand.
TEST(ConsistentHash, CountsTheWeightOfANameOnce) {
  Group lines{"", {1, 2, 3}};
  lines['A'].server = lines['C'].server = "app.internal:8000";
  Group name{"", {3, 2}};
  name['A'].server = "app.internal:8000";
  name['B'].server = lines['B'].server;
  const auto one = make_balancer("hash $request_uri consistent", lines.peers);
  const auto other = make_balancer("hash $request_uri consistent", name.peers);
  const auto server_of = [](Balancer& balancer, Group& group, const std::string& key) {
    group.candidates.reset(group.peers.size());
    for (PeerIndex peer = 0; peer < group.peers.size(); ++peer) {
      group.candidates.add(peer);
    }
    RequestState request;
    const PeerIndex peer = balancer.pick({.peers = group.peers,
                                          .candidates = group.candidates,
                                          .client_address = {},
                                          .request_key = key,
                                          .now = group.now,
                                          .request = request});
    return group.peers[peer].server;
  };
  for (int number = 0; number < 2000; ++number) {
    EXPECT_EQ(server_of(*one, lines, page(number)), server_of(*other, name, page(number)));
  }
}

TEST(ConsistentHash, AsksTheOnlyCandidate) {
  Group group{"hash $request_uri consistent", {9, 1, 9}};
  group['A'].down = group['C'].down = true;
  EXPECT_EQ(spread(group).at('B'), 6000);
}

TEST(ConsistentHash, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  Group group{"hash $request_uri consistent", {1, 1, 1, 1}};
  for (int number = 0; number < 100; ++number) {
    group.key = page(number);
    std::string picks = group.fail_everywhere();
    std::sort(picks.begin(), picks.end());
    EXPECT_EQ(picks, "ABCD");
  }
}

TEST(ConsistentHash, LetsRoundRobinServeAnEmptyKey) {
  Group group{"hash $arg_user consistent", {1, 1, 1}};
  group.key = "";
  EXPECT_EQ(group.ask(6), "ABCABC");
}

TEST(ConsistentHash, DropsThePrefixOfAUnixSocket) {
  Group group{"", {1, 1}};
  group['A'].server = "unix:/run/a.sock";
  group['B'].server = "/run/a.sock";
  const auto prefixed = make_balancer("hash $request_uri consistent", group.peers);
  // Both have the same points, which then belong to the first of them.
  group.candidates.reset(2);
  group.candidates.add(0);
  group.candidates.add(1);
  for (int number = 0; number < 100; ++number) {
    RequestState request;
    EXPECT_EQ(prefixed->pick({.peers = group.peers,
                              .candidates = group.candidates,
                              .client_address = {},
                              .request_key = page(number),
                              .now = group.now,
                              .request = request}),
              0u);
  }
}

}  // namespace
}  // namespace sluice::balancers
