// SPDX-License-Identifier: MIT
// Do we pick what nginx picks?  The vectors come from running nginx; golden/header.py says which.
#include "golden.h"

#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

TEST(Golden, RoundRobinPicksAsNginxDoes) {
  EXPECT_EQ(Group("", {5, 1, 1}).ask(14), golden::swrr_5_1_1);
  EXPECT_EQ(Group("", {4, 3, 2, 1}).ask(20), golden::swrr_4_3_2_1);
}

TEST(Golden, IpHashPicksAsNginxDoes) {
  Group group{"ip_hash", {1, 1, 1}};
  for (const auto& [client, peer] : golden::ip_hash_1_1_1) {
    EXPECT_EQ(group.ask_from(client), peer[0]) << client;
  }
}

TEST(Golden, IpHashWithWeightsAndADownPeerPicksAsNginxDoes) {
  Group group{"ip_hash", {3, 1, 2, 1}};
  group['B'].down = true;
  for (const auto& [client, peer] : golden::ip_hash_3_1down_2_1) {
    EXPECT_EQ(group.ask_from(client), peer[0]) << client;
  }
}

TEST(Golden, HashPicksAsNginxDoes) {
  Group group{"hash $request_uri", {1, 1, 1}};
  for (const auto& [uri, peer] : golden::hash_uri_1_1_1) {
    EXPECT_EQ(group.ask_for(uri), peer[0]) << uri;
  }
}

TEST(Golden, HashWithWeightsAndADownPeerPicksAsNginxDoes) {
  Group group{"hash $request_uri", {3, 1, 2, 1}};
  group['B'].down = true;
  for (const auto& [uri, peer] : golden::hash_uri_3_1down_2_1) {
    EXPECT_EQ(group.ask_for(uri), peer[0]) << uri;
  }
}

TEST(Golden, ConsistentHashPicksAsNginxDoes) {
  Group group{"hash $request_uri consistent", {3, 1, 2, 1}};
  group['D'].down = true;
  for (const auto& [uri, peer] : golden::hash_consistent_3_1_2_1down) {
    EXPECT_EQ(group.ask_for(uri), peer[0]) << uri;
  }
}

// "idle no_rr 2,3,1" → the method line and the weights.
Group group_of(std::string_view mode) {
  std::istringstream words{std::string(mode)};
  std::string line = "fair by=in_flight";
  Weights weights;
  for (std::string word; words >> word;) {
    if (word == "no_rr") {
      line += " no_rr";
    } else if (word == "idle" || word == "peak") {
      line += " weight_mode=" + word;
    } else {
      std::istringstream numbers{word};
      for (std::string number; std::getline(numbers, number, ',');) {
        weights.push_back(static_cast<std::uint32_t>(std::stoul(number)));
      }
    }
  }
  return {line, weights};
}

TEST(Golden, FairByInFlightPicksAsTheNginxModuleDoesWhenNoRequestEnds) {
  for (const auto& [mode, expected] : golden::fair_concurrent20) {
    Group group = group_of(mode);
    std::string picks;
    while (picks.size() < expected.size()) {
      picks += group.hold();
    }
    EXPECT_EQ(picks, expected) << mode;
  }
}

}  // namespace
}  // namespace sluice::balancers
