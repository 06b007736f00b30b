// SPDX-License-Identifier: MIT
#include "proxy/answer_rules.h"

#include <gtest/gtest.h>

namespace sluice::proxy {
namespace {

struct Example {
  confparse::ProxySettings settings;
  http::AnswerHead answer;

  void says(std::string_view name, std::string_view value) {
    answer.headers.add(name, value, http::header_id(name));
  }
  PeerWishes wishes() {
    routing::VariableTable variables;
    return wishes_of(answer, make_answer_rules(settings, std::nullopt, variables));
  }
};

TEST(PeerWishes, AreWhatTheAnswerSays) {
  Example example;
  example.says("X-Accel-Buffering", "No");
  example.says("x-accel-limit-rate", "1024");
  example.says("X-Accel-Redirect", "/internal/a");
  const PeerWishes wishes = example.wishes();
  EXPECT_EQ(wishes.buffering, false);
  EXPECT_EQ(wishes.limit_rate, 1024U);
  EXPECT_EQ(wishes.redirect, "/internal/a");
}

TEST(PeerWishes, AreNoneWhereTheAnswerSaysNothingOrNonsense) {
  Example example;
  EXPECT_FALSE(example.wishes().buffering);
  EXPECT_FALSE(example.wishes().limit_rate);
  EXPECT_TRUE(example.wishes().redirect.empty());
  example.says("X-Accel-Buffering", "maybe");
  example.says("X-Accel-Limit-Rate", "1k");
  EXPECT_FALSE(example.wishes().buffering);
  EXPECT_FALSE(example.wishes().limit_rate);
}

TEST(PeerWishes, MayBeIgnored) {
  Example example;
  example.settings.ignored_headers = {
      .x_accel_redirect = true, .x_accel_limit_rate = true, .x_accel_buffering = true};
  example.says("X-Accel-Buffering", "yes");
  example.says("X-Accel-Limit-Rate", "1024");
  example.says("X-Accel-Redirect", "/internal/a");
  EXPECT_FALSE(example.wishes().buffering);
  EXPECT_FALSE(example.wishes().limit_rate);
  EXPECT_TRUE(example.wishes().redirect.empty());
}

}  // namespace
}  // namespace sluice::proxy
