// SPDX-License-Identifier: MIT
#include "tests/simulate/simulation.h"

namespace sluice::simulate {
namespace {

TEST(Json, HasWhatTheTextHas) {
  Simulation app{"round_robin", peers({5, 1, 1})};
  app['C'].backup = true;
  const auto all = app.json(words_of("--requests 600 --seed 7"));
  EXPECT_EQ(all["upstream"], "app");
  EXPECT_EQ(all["notes"], nlohmann::json::array());
  EXPECT_EQ(all["seed"], 7);
  EXPECT_EQ(all["requests"], 600);
  EXPECT_EQ(all["concurrency"], 10);
  ASSERT_EQ(all["peers"].size(), 3U);
  EXPECT_EQ(all["peers"][0], nlohmann::json::parse(R"({"label": "A", "peer": "10.0.0.1:80",
      "weight": 5, "wanted_weight": 5, "backup": false, "down": false})"));
  EXPECT_EQ(all["peers"][2]["wanted_weight"], 0);
  EXPECT_EQ(all["peers"][2]["backup"], true);
  ASSERT_EQ(all["methods"].size(), 1U);
  const auto& method = all["methods"][0];
  EXPECT_EQ(method["method"], "round_robin");
  EXPECT_EQ(method["answered"], 600);
  EXPECT_EQ(method["failed"], 0);
  EXPECT_EQ(method["virtual_time_us"], 60'000);
  EXPECT_EQ(method["peers"][0]["answered"], 500);
  EXPECT_EQ(method["peers"][1]["answered"], 100);
  EXPECT_EQ(method["response_us"], nlohmann::json::parse(
                                       R"({"mean": 1000, "p50": 1000, "p99": 1000,
                                           "longest": 1000})"));
  EXPECT_TRUE(method["affinity"].is_null());
  EXPECT_EQ(method["events"], nlohmann::json::array());
}

TEST(Json, KeepsItsOrder) {
  const std::string text = Simulation{"ip_hash", peers({1, 1})}.text("--json --requests 10");
  std::size_t last = 0;
  for (const char* member :
       {"upstream", "seed", "peers", "methods", "first_picks", "imbalance", "affinity", "events"}) {
    const std::size_t place = text.find("\"" + std::string(member) + "\":");
    EXPECT_GT(place, last) << member;
    last = place;
  }
}

TEST(Json, SurvivesNamesThatAreNoUtf8) {
  Simulation app{"round_robin", peers({1, 1})};
  app['A'].address = "unix:/run/\xff.sock";
  EXPECT_EQ(app.json(words_of("--requests 10"))["peers"][0]["peer"], "unix:/run/\uFFFD.sock");
}

}  // namespace
}  // namespace sluice::simulate
