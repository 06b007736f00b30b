// SPDX-License-Identifier: MIT
#include "log/poll_timeout.h"

#include <gtest/gtest.h>

namespace sluice::log {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

const Time kNow = Time{} + 7'000'000s;

TEST(PollTimeout, IsRoundedUp) {
  EXPECT_EQ(poll_timeout(kNow + 1500us, kNow), 2);
  EXPECT_EQ(poll_timeout(kNow + 2ms, kNow), 2);
}

TEST(PollTimeout, IsNothingForWhatIsPast) {
  EXPECT_EQ(poll_timeout(kNow, kNow), 0);
  EXPECT_EQ(poll_timeout(kNow - 1h, kNow), 0);
  EXPECT_EQ(poll_timeout(Time::min(), kNow), 0);
}

TEST(PollTimeout, IsAMinuteAtMost) {
  EXPECT_EQ(poll_timeout(kNow + 1h, kNow), 60'000);
  EXPECT_EQ(poll_timeout(Time::max() - 1ms, kNow), 60'000);
}

TEST(PollTimeout, IsEndlessForTheLatestTimeOfAll) {
  EXPECT_EQ(poll_timeout(Time::max(), kNow), -1);
}

}  // namespace
}  // namespace sluice::log
