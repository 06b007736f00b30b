// SPDX-License-Identifier: MIT
#include "upstream/health.h"

#include <gtest/gtest.h>

namespace sluice::upstream {
namespace {

using namespace std::chrono_literals;

constexpr auto kStart = balancers::Clock::time_point{} + 1000s;

TEST(Health, LetsAPeerRestAfterItsMostFailures) {
  Peer peer;
  peer.max_fails = 2;
  EXPECT_FALSE(note_failure(peer, kStart));
  EXPECT_FALSE(is_resting(peer, kStart));
  EXPECT_TRUE(note_failure(peer, kStart));
  EXPECT_TRUE(is_resting(peer, kStart));
}

TEST(Health, LetsOneProbePassPerWindowWhenTheRestIsOver) {
  Peer peer;
  note_failure(peer, kStart);
  EXPECT_TRUE(is_resting(peer, kStart + 10s));
  EXPECT_FALSE(is_resting(peer, kStart + 11s));
  note_picked(peer, kStart + 11s);
  EXPECT_TRUE(is_resting(peer, kStart + 11s));
}

TEST(Health, ForgetsFailuresWhenTheProbeSucceeds) {
  Peer peer;
  note_failure(peer, kStart);
  note_picked(peer, kStart + 11s);
  EXPECT_TRUE(note_success(peer));
  EXPECT_EQ(peer.fails, 0u);
  EXPECT_FALSE(is_resting(peer, kStart + 11s));
}

TEST(Health, DoesNotForgetAFailureOfTheSameWindow) {
  Peer peer;
  peer.max_fails = 3;
  note_failure(peer, kStart);
  EXPECT_FALSE(note_success(peer));
  EXPECT_EQ(peer.fails, 1u);
}

TEST(Health, NeverRestsAPeerWhoseFailuresAreNotCounted) {
  Peer peer;
  peer.max_fails = 0;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(note_failure(peer, kStart));
  }
  EXPECT_FALSE(is_resting(peer, kStart));
}

TEST(Health, TakesWeightFromAFailingPeer) {
  Peer peer;
  peer.weight = 10;
  peer.effective_weight = 10;
  peer.max_fails = 4;
  note_failure(peer, kStart);
  EXPECT_EQ(peer.effective_weight, 8);  // 10 - 10 / 4, in whole numbers
  for (int i = 0; i < 9; ++i) {
    note_failure(peer, kStart);
  }
  EXPECT_EQ(peer.effective_weight, 0);
}

TEST(Health, IsFullAtMaxConns) {
  Peer peer;
  peer.connections = 5;
  EXPECT_FALSE(is_full(peer));
  peer.max_connections = 5;
  EXPECT_TRUE(is_full(peer));
}

TEST(Health, CountsInWholeSeconds) {
  EXPECT_EQ(whole_seconds(kStart + 999ms), kStart);
}

}  // namespace
}  // namespace sluice::upstream
