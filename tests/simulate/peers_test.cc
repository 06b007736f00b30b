// SPDX-License-Identifier: MIT
// Peers that refuse, are slow, are full, or have a line in front of them.
#include "tests/simulate/simulation.h"

namespace sluice::simulate {
namespace {

TEST(Down, CostsAPeerItsRestAndTheClientNothing) {
  Simulation app{"round_robin", peers({1, 1})};
  app['B'].fail_timeout = std::chrono::seconds{2};
  const auto result = app.json("--requests 6000 --concurrency 1 --down B@100-1100");
  EXPECT_EQ(result["failed"], 0);
  EXPECT_EQ(result["answered"], 6000);
  const auto& events = result["events"];
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0]["event"], "down");
  EXPECT_EQ(events[0]["request"], 100);
  EXPECT_EQ(events[1]["event"], "rests");
  EXPECT_EQ(events[1]["request"], 101);  // the first of B's after that
  EXPECT_EQ(events[2]["event"], "up");
  EXPECT_EQ(events[2]["request"], 1100);
  // Failed at 0.1 s: nobody asks before whole seconds say that more than two have passed.
  EXPECT_EQ(events[3]["event"], "recovered");
  EXPECT_GE(events[3]["time_us"], 3'000'000);
  EXPECT_LE(events[3]["time_us"], 3'010'000);
  EXPECT_EQ(result["next_peer"], 1);
  EXPECT_EQ(result["peers"][1]["refused"], 1);
  EXPECT_EQ(result["response_us"]["longest"], 1100);  // refused after 0.1 ms, then answered
}

TEST(Down, IsProbedOncePerFailTimeout) {
  Simulation app{"round_robin", peers({1, 1})};
  app['B'].fail_timeout = std::chrono::seconds{1};
  const auto result = app.json("--requests 9000 --concurrency 1 --down B@0-");
  EXPECT_EQ(result["peers"][1]["refused"], 5);  // at 0 s, 2 s, 4 s, 6 s and 8 s
  EXPECT_EQ(result["next_peer"], 5);
}

TEST(Down, CountsUpToMaxFails) {
  Simulation app{"round_robin", peers({1, 1})};
  app['B'].max_fails = 3;
  EXPECT_EQ(app.json("--requests 1000 --concurrency 1 --down B@0-")["peers"][1]["refused"], 3);
  app['B'].max_fails = 0;
  EXPECT_EQ(app.json("--requests 1000 --concurrency 1 --down B@0-")["peers"][1]["refused"], 500);
}

TEST(Down, IsReckonedInVirtualSecondsToo) {
  const Simulation app{"round_robin", peers({1, 1})};
  const auto events = app.json("--requests 3000 --concurrency 1 --down B@0.5s-1.25s")["events"];
  ASSERT_GE(events.size(), 3U);
  EXPECT_EQ(events[0]["time_us"], 500'000);
  EXPECT_EQ(events[2]["event"], "up");
  EXPECT_GE(events[2]["time_us"], 1'250'000);
  EXPECT_LE(events[2]["time_us"], 1'251'100);
}

TEST(Down, OfAllPeersFailsRequests) {
  const Simulation app{"round_robin", peers({1, 1})};
  const auto result = app.json("--requests 10 --concurrency 1 --down A@0- --down B@0-");
  EXPECT_EQ(result["failed"], 10);
  EXPECT_EQ(result["answered"], 0);
  EXPECT_EQ(result["first_picks"], "ab---------");  // no live upstreams after the first
  EXPECT_EQ(result["response_us"]["p99"], 0);
}

TEST(Down, OfTheOnlyPeerNeverLetsItRest) {
  const Simulation app{"round_robin", peers({1})};
  const auto result = app.json("--requests 10 --concurrency 1 --down A@2-5");
  EXPECT_EQ(result["first_picks"], "AAaaaAAAAA");
  EXPECT_EQ(result["failed"], 3);
}

TEST(Down, SaysWhoStillRestsAtTheEnd) {
  const Simulation app{"round_robin", peers({1, 1})};
  EXPECT_EQ(app.json("--requests 1000 --down B@100-200")["still_resting"],
            nlohmann::json{"10.0.0.2:80"});
  EXPECT_THAT(app.text("--requests 1000 --down B@100-200"),
              testing::HasSubstr("B 10.0.0.2:80 still rests: more --requests show it come back"));
}

TEST(Slow, PeersTakeTheirTime) {
  const Simulation app{"round_robin", peers({1, 1})};
  const auto result = app.json("--requests 100 --slow B=25.5");
  EXPECT_EQ(result["peers"][0]["mean_us"], 1000);
  EXPECT_EQ(result["peers"][1]["mean_us"], 25'500);
  EXPECT_EQ(result["response_us"]["mean"], 13'250);
  EXPECT_EQ(result["response_us"]["p50"], 1000);
  EXPECT_EQ(result["response_us"]["p99"], 25'500);
}

TEST(Slow, PeersMayBeSlowForAWhile) {
  const Simulation app{"round_robin", peers({1, 1})};
  const auto result = app.json("--requests 100 --concurrency 1 --slow B=9@0-50");
  EXPECT_EQ(result["peers"][1]["mean_us"], (25 * 9000 + 25 * 1000) / 50);
}

TEST(Slow, PeersGetLessFromFairThanFromRoundRobin) {
  const auto answered = [](const std::string& method) {
    const Simulation app{method, peers({1, 1, 1})};
    return app.json("--requests 5000 --slow B=10 --slow C=100")["peers"][2]["answered"].get<int>();
  };
  EXPECT_GE(answered("round_robin"), 1666);
  EXPECT_LT(answered("fair"), 500);
  EXPECT_GE(answered("fair"), 25);  // never starved: half a percent
}

TEST(Jitter, MovesTheTimesBothWays) {
  const Simulation app{"round_robin", peers({1, 1})};
  const auto result = app.json("--requests 10000 --jitter 50");
  EXPECT_LE(result["response_us"]["longest"], 1500);
  EXPECT_GE(result["response_us"]["longest"], 1490);
  EXPECT_NEAR(result["response_us"]["mean"].get<int>(), 1000, 10);
}

TEST(Parallel, RequestsWaitInLine) {
  const Simulation app{"round_robin", peers({1})};
  // Ten at a time, one served after the other: all but the first ten wait for nine others.
  const auto result = app.json("--requests 1000 --concurrency 10 --parallel 1");
  EXPECT_EQ(result["virtual_time_us"], 1'000'000);
  EXPECT_EQ(result["response_us"]["longest"], 10'000);
  EXPECT_EQ(result["response_us"]["p50"], 10'000);
  EXPECT_EQ(app.json("--requests 1000 --concurrency 10 --parallel 5")["virtual_time_us"], 200'000);
}

TEST(MaxConns, RefusesWhatIsTooMuch) {
  Simulation app{"round_robin", peers({1, 1})};
  app['A'].max_connections = app['B'].max_connections = 2;
  const auto result = app.json("--requests 5 --concurrency 5");
  EXPECT_EQ(result["first_picks"], "ABAB-");
  EXPECT_EQ(result["failed"], 1);
}

TEST(Imbalance, IsNothingForRoundRobinAndSomethingWithoutAPeer) {
  const Simulation app{"round_robin", peers({5, 1, 1})};
  const auto calm = app.json("--requests 7000 --concurrency 1")["imbalance"];
  EXPECT_EQ(calm["slice"], 119);  // a sixtieth, rounded up to whole rounds of seven
  ASSERT_EQ(calm["thousandths"].size(), 58U);
  for (const int value : calm["thousandths"]) {
    EXPECT_EQ(value, 0);
  }
  const auto rough = app.json("--requests 7000 --concurrency 1 --down A@0-")["imbalance"];
  EXPECT_EQ(rough["thousandths"].back(), 714);  // five of seven are elsewhere
}

}  // namespace
}  // namespace sluice::simulate
