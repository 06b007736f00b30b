// SPDX-License-Identifier: MIT
// The picks are the proxy's, and the same in every run.
#include "tests/simulate/simulation.h"

namespace sluice::simulate {
namespace {

using testing::StartsWith;

std::string first_picks(const Simulation& app, const std::string& line) {
  return app.json(line)["first_picks"];
}

TEST(Picks, OfRoundRobinFollowTheWeights) {
  EXPECT_EQ(first_picks({"round_robin", peers({5, 1, 1})}, "--requests 14"), "AABACAAAABACAA");
  EXPECT_EQ(first_picks({"round_robin", peers({4, 3, 2, 1})}, "--requests 10"), "ABCABDACBA");
  EXPECT_EQ(first_picks({"round_robin", peers({5, 1, 1})}, "--requests 7 --concurrency 1"),
            "AABACAA");
}

TEST(Picks, OfLeastConnLookAtTheAttemptsInFlight) {
  const Simulation app{"least_conn", peers({1, 1})};
  EXPECT_EQ(first_picks(app, "--requests 6 --concurrency 1"), "ABABAB");
  // A keeps its two requests: all that comes later goes to B, which is soon done.
  EXPECT_EQ(first_picks(app, "--requests 8 --concurrency 4 --slow A=100"), "ABBABBBB");
}

TEST(Picks, LeaveOutPeersThatAreDownInTheConfiguration) {
  Simulation app{"round_robin", peers({1, 1, 1})};
  app['B'].down = true;
  EXPECT_EQ(first_picks(app, "--requests 6"), "ACACAC");
}

TEST(Picks, GoToBackupsWhenNobodyElseIsLeft) {
  Simulation app{"round_robin", peers({1, 1, 1})};
  app['B'].backup = true;
  app['A'].fail_timeout = app['C'].fail_timeout = std::chrono::seconds{60};
  EXPECT_EQ(first_picks(app, "--requests 6 --concurrency 1 --down A@2-4 --down C@2-4"), "ACacBBBB");
}

TEST(Picks, HaveTwoLettersAndBlanksWithManyPeers) {
  const Simulation app{"round_robin", peers(std::vector<std::uint32_t>(28, 1))};
  EXPECT_THAT(first_picks(app, "--requests 28"), StartsWith("A B C "));
  EXPECT_THAT(first_picks(app, "--requests 28"), testing::EndsWith(" Z AA AB"));
}

TEST(Picks, AreTheSameAgainForEveryMethod) {
  const std::vector<std::string> methods{
      "round_robin", "ip_hash", "hash $request_uri", "hash $request_uri consistent",
      "least_conn",  "fair",    "fair by=in_flight", "random",
      "random two"};
  for (const std::string& method : methods) {
    const Simulation app{method, peers({3, 1, 2})};
    const std::string line = "--requests 3000 --down B@500-900 --slow C=7 --jitter 30";
    EXPECT_EQ(app.text(line), app.text(line)) << method;
    EXPECT_NE(app.text(line), app.text(line + " --seed 2")) << method;
  }
}

TEST(Picks, AreThoseOfTheGoldenVectors) {
  // Chance, hashes and clocks included: a change here changes what people have seen.
  EXPECT_EQ(first_picks({"random", peers({1, 2, 3})}, "--requests 30"),
            "BAAAACBCBCBCCCBCBACBCBBCCACBBB");
  EXPECT_EQ(first_picks({"ip_hash", peers({1, 2, 3})}, "--requests 30"),
            "CCABABCBBCCABCCCBCBCBBCBCBCACB");
  EXPECT_EQ(first_picks({"hash $request_uri", peers({1, 2, 3})}, "--requests 30"),
            "CCCCBABCCABBBBCBACCCCBCCCCBCCA");
  EXPECT_EQ(first_picks({"fair", peers({1, 1, 1})},
                        "--requests 30 --slow B=5 --slow C=30 --concurrency 4 --jitter 20"),
            "ABCC" + std::string(26, 'A'));
}

TEST(Compare, PutsTheConfiguredMethodFirstAndEachOnce) {
  const Simulation app{"ip_hash", peers({1, 1})};
  const auto all = app.json(Words{"--compare",
                                  "round_robin,ip_hash,hash  $uri consistent,"
                                  "round_robin",
                                  "--requests", "100"});
  std::vector<std::string> names;
  for (const auto& method : all["methods"]) {
    names.push_back(method["method"]);
  }
  EXPECT_THAT(names, testing::ElementsAre("ip_hash", "round_robin", "hash $uri consistent"));
}

TEST(Compare, GivesEachMethodWhatItGetsAlone) {
  const Words words{"--requests", "2000", "--slow", "B=9", "--down", "A@300-500"};
  Words compare = words;
  compare.insert(compare.end(), {"--compare", "fair,hash $request_uri"});
  const auto together = Simulation{"least_conn", peers({1, 1, 1})}.json(compare)["methods"];
  ASSERT_EQ(together.size(), 3U);
  for (const auto& method : together) {
    const Simulation alone{method["method"], peers({1, 1, 1})};
    EXPECT_EQ(alone.json(words)["methods"][0], method);
  }
}

}  // namespace
}  // namespace sluice::simulate
