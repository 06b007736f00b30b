// SPDX-License-Identifier: MIT
#include "proxy/rate_limit.h"

#include <gtest/gtest.h>

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

const net::SteadyTime kBegan{1000s};

TEST(RateLimit, OfNothingLimitsNothing) {
  const RateLimit none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.allowed(kBegan, 1'000'000'000), RateLimit::kNoLimit);
}

TEST(RateLimit, AllowsASecondsWorthAtOnceThenEvenly) {
  const RateLimit limit{1000, 0, kBegan};
  EXPECT_EQ(limit.allowed(kBegan, 0), 1000u);
  EXPECT_EQ(limit.allowed(kBegan, 1000), 0u);
  EXPECT_EQ(limit.allowed(kBegan + 100ms, 1000), 100u);
  EXPECT_EQ(limit.allowed(kBegan + 2s, 1000), 2000u);
  EXPECT_EQ(limit.allowed(kBegan + 2s, 5000), 0u);
}

TEST(RateLimit, DoesNotCountTheFirstBytes) {
  const RateLimit limit{1000, 500, kBegan};
  EXPECT_EQ(limit.allowed(kBegan, 0), 1500u);
  EXPECT_EQ(limit.allowed(kBegan, 1500), 0u);
}

TEST(RateLimit, PausesUntilAPieceWorthSendingMayGo) {
  const RateLimit limit{1000, 0, kBegan};
  EXPECT_EQ(limit.pause(kBegan, 0), 0ms);
  const net::Milliseconds pause = limit.pause(kBegan, 1000);
  EXPECT_GE(pause, 250ms);
  EXPECT_LE(pause, 260ms);
  EXPECT_GE(limit.allowed(kBegan + pause, 1000), 250u);
}

TEST(RateLimit, OfAByteASecondStillGoesOn) {
  const RateLimit limit{1, 0, kBegan};
  const net::Milliseconds pause = limit.pause(kBegan, 1);
  EXPECT_GT(pause, 0ms);
  EXPECT_EQ(limit.allowed(kBegan + pause, 1), 1u);
}

TEST(RateLimit, StandsAClockThatGoesBack) {
  const RateLimit limit{1000, 0, kBegan};
  EXPECT_EQ(limit.allowed(kBegan - 5s, 0), 1000u);
}

}  // namespace
}  // namespace sluice::proxy
