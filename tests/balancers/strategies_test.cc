// SPDX-License-Identifier: MIT
// What holds for every strategy of the table.
#include "balancers/strategies.h"

#include "tests/balancers/allocations.h"
#include "tests/balancers/group.h"

namespace sluice::balancers {
namespace {

class EveryStrategy : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Lines, EveryStrategy,
                         testing::Values("", "ip_hash", "hash $request_uri",
                                         "hash $request_uri consistent", "fair",
                                         "fair by=in_flight", "fair no_rr", "fair weight_mode=idle",
                                         "fair weight_mode=idle no_rr", "fair weight_mode=peak",
                                         "least_conn", "least_time header",
                                         "least_time last_byte inflight", "random", "random two"));

// Load, failures, time and the peers themselves change at will; Group expects a candidate.
TEST_P(EveryStrategy, PicksNothingButCandidates) {
  Dice dice{5};
  const bool may_refuse = GetParam() == std::string_view{"fair weight_mode=peak"};
  for (int round = 0; round < 25; ++round) {
    Group group{GetParam(), dice.weights(130, 6)};
    for (int step = 0; step < 100; ++step) {
      for (Peer& peer : group.peers) {
        peer.down = dice.one_in(2);
        peer.connections = dice.one_in(2) ? 0 : dice.roll(0, 8);
        peer.fails = dice.roll(0, 2);
        peer.effective_weight = dice.roll(0, peer.weight);
      }
      group.peers[dice.roll(0, static_cast<std::uint32_t>(group.peers.size() - 1))].down = false;
      group.client = ipv4("10." + std::to_string(dice.roll(0, 255)) + ".7.1");
      group.key = dice.one_in(5) ? "" : std::to_string(dice.roll(0, 1000000));
      group.now += std::chrono::milliseconds{dice.roll(0, 3000)};

      RequestState request;
      std::set<PeerIndex> tried;
      for (std::size_t left = group.alive(); left > 0; --left) {
        const PeerIndex peer = group.hold(request, tried);
        if (peer == kNobody) {
          ASSERT_TRUE(may_refuse);
          break;
        }
        ASSERT_LT(peer, group.peers.size());
        tried.insert(peer);
        Outcome outcome;
        outcome.failed = dice.one_in(2);
        outcome.time_to_head = std::chrono::microseconds{dice.roll(0, 100000)};
        group.finish(peer, outcome);
        if (dice.one_in(2)) {
          break;
        }
      }
      if (dice.one_in(40)) {
        group.append(dice.roll(1, 6));
      }
    }
  }
}

TEST_P(EveryStrategy, PicksWithoutAllocatingOnceWarm) {
  Group group{GetParam(), {1, 1, 1, 1}};
  const auto pick_and_report = [&](int times) {
    while (times-- > 0) {
      RequestState request;
      const PeerIndex peer = group.hold(request);
      group.finish(peer);
    }
  };
  pick_and_report(10);
  const std::size_t before = allocations();
  pick_and_report(1000);
  EXPECT_EQ(allocations(), before);
}

TEST_P(EveryStrategy, AsksASinglePeer) {
  Group group{GetParam(), {3}};
  EXPECT_EQ(group.ask(5), "AAAAA");
}

TEST_P(EveryStrategy, AsksAPeerWhoseEffectiveWeightIsZeroWhenItIsTheOnlyOne) {
  Group group{GetParam(), {3, 3}};
  group['B'].down = true;
  group['A'].effective_weight = 0;
  EXPECT_EQ(group.ask(), 'A');
}

std::string complaint(std::string_view directive, const std::vector<std::string>& words) {
  return find_strategy(directive)->complaint(words);
}

TEST(Strategies, BeginWithTheDefault) {
  EXPECT_EQ(strategies()[0].directive, "");
}

TEST(Strategies, AreFoundByTheirDirective) {
  EXPECT_EQ(find_strategy("ip_hash")->directive, "ip_hash");
  EXPECT_EQ(find_strategy("ip_hush"), nullptr);
}

TEST(Strategies, TakeNoBackupWhereNginxTakesNone) {
  for (const Strategy& strategy : strategies()) {
    const bool expected = strategy.directive != "ip_hash" && strategy.directive != "hash" &&
                          strategy.directive != "random";
    EXPECT_EQ(strategy.takes_backup, expected) << strategy.directive;
  }
}

TEST(Strategies, LimitTheWeightWhereEachUnitCosts) {
  const auto most = [](std::string_view directive, const std::vector<std::string>& words) {
    return find_strategy(directive)->most_weight(words);
  };
  EXPECT_EQ(most("hash", {"$uri", "consistent"}), 20'000U);
  EXPECT_EQ(most("hash", {"$uri", "consistent", "again=3"}), 20'000U);
  EXPECT_EQ(most("hash", {"$uri"}), 0U);
  EXPECT_EQ(most("least_conn", {}), 0U);
}

TEST(Strategies, NameTheWordTheyDoNotKnow) {
  EXPECT_EQ(complaint("hash", {"$uri", "again=65535"}), "");
  EXPECT_EQ(complaint("hash", {"$uri", "again=65536"}), "invalid parameter \"again=65536\"");
  EXPECT_EQ(complaint("hash", {"$uri", "consistant"}), "invalid parameter \"consistant\"");
  EXPECT_EQ(complaint("hash", {"$uri", "again=x"}), "invalid parameter \"again=x\"");
  EXPECT_EQ(complaint("hash", {"$uri", "again="}), "invalid parameter \"again=\"");
  EXPECT_EQ(complaint("fair", {"weight_mode=top"}), "invalid parameter \"weight_mode=top\"");
  EXPECT_EQ(complaint("least_time", {"first_byte"}), "invalid value \"first_byte\"");
  EXPECT_EQ(complaint("least_time", {"header", "x"}), "invalid parameter \"x\"");
  EXPECT_EQ(complaint("random", {"three"}), "invalid parameter \"three\"");
  EXPECT_EQ(complaint("random", {"two", "fair"}), "invalid parameter \"fair\"");
}

TEST(Strategies, TakeTheWordsTheyKnow) {
  EXPECT_EQ(complaint("hash", {"$uri"}), "");
  EXPECT_EQ(complaint("hash", {"$uri", "consistent", "again=5"}), "");
  EXPECT_EQ(complaint("fair", {"no_rr", "weight_mode=idle"}), "");
  EXPECT_EQ(complaint("fair", {}), "");
  EXPECT_EQ(complaint("least_time", {"header"}), "");
  EXPECT_EQ(complaint("least_time", {"last_byte", "inflight"}), "");
  EXPECT_EQ(complaint("random", {"two", "least_conn"}), "");
}

}  // namespace
}  // namespace sluice::balancers
