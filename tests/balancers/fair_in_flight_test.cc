// SPDX-License-Identifier: MIT
#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

using namespace std::chrono_literals;

TEST(FairInFlight, AsksIdlePeersInTurn) {
  EXPECT_EQ(Group("fair by=in_flight", {1, 1, 1}).ask(6), "ABCABC");
}

TEST(FairInFlight, BeginsWithTheHeaviestPeer) {
  EXPECT_EQ(Group("fair by=in_flight", {1, 3, 2}).ask(3), "BCA");
}

TEST(FairInFlight, PrefersAnIdlePeerToABusyOne) {
  Group group{"fair by=in_flight", {1, 1, 1}};
  group['A'].connections = group['C'].connections = 1;
  EXPECT_EQ(group.ask(3), "BBB");
}

TEST(FairInFlight, WithoutRoundRobinAsksTheFirstIdlePeer) {
  EXPECT_EQ(Group("fair no_rr", {1, 1, 1}).ask(3), "AAA");
}

TEST(FairInFlight, WithWeightModePeakRefusesMoreThanTheWeights) {
  Group group{"fair weight_mode=peak", {2, 1}};
  EXPECT_EQ(std::string({group.hold(), group.hold(), group.hold(), group.hold()}), "ABA-");
  group.finish(1);
  EXPECT_EQ(group.hold(), 'B');
}

TEST(FairInFlight, AsksTheOnlyCandidateHoweverBusyItIs) {
  Group group{"fair by=in_flight", {1, 1}};
  group['A'].down = true;
  group['B'].connections = 100;
  EXPECT_EQ(group.ask(3), "BBB");
}

TEST(FairInFlight, PassesOverAPeerThatFailedLatelyWhileOthersAreIdle) {
  Group group{"fair by=in_flight", {1, 1}};
  group['A'].fails = 1;
  group['A'].max_fails = 3;
  group['A'].checked = group.now;
  EXPECT_EQ(group.ask(3), "BBB");
}

// The nginx module never asks it again as long as another peer is idle.
TEST(FairInFlight, AsksAPeerThatFailedAgainAfterItsFailTimeout) {
  Group group{"fair by=in_flight", {1, 1}};
  group['A'].fails = 1;
  group['A'].checked = group.now;
  group.now += 11s;
  EXPECT_EQ(group.ask(2), "AB");
}

TEST(FairInFlight, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  EXPECT_EQ(Group("fair by=in_flight", {1, 1, 1}).fail_everywhere(), "ABC");
}

TEST(FairInFlight, AsksAPeerThatJoinsLate) {
  Group group{"fair by=in_flight", {1, 1}};
  group.ask(1);
  group.append(1);
  EXPECT_NE(group.ask(3).find('C'), std::string::npos);
}

}  // namespace
}  // namespace sluice::balancers
