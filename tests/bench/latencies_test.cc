// SPDX-License-Identifier: MIT
#include "bench/load/latencies.h"

#include <gtest/gtest.h>

namespace sluice::load {
namespace {

TEST(Latencies, AreCountedExactlyWhileTheyAreSmall) {
  Latencies latencies;
  for (std::uint64_t i = 1; i <= 100; ++i) latencies.add(i);
  EXPECT_EQ(latencies.count(), 100U);
  EXPECT_EQ(latencies.quantile(0.5), 50U);
  EXPECT_EQ(latencies.quantile(0.99), 99U);
  EXPECT_EQ(latencies.quantile(1), 100U);
}

TEST(Latencies, KeepEveryValueWithinTwoPercent) {
  for (std::uint64_t value = 1; value < 3'000'000'000'000; value = value * 3 / 2 + 1) {
    Latencies latencies;
    latencies.add(value);
    latencies.add(value * 4);  // so that the largest does not bound what is told of the other
    const std::uint64_t told = latencies.quantile(0);
    EXPECT_GE(told, value);
    EXPECT_LE(told, value + value / 50 + 1) << value;
  }
}

TEST(Latencies, OfNoneIsZero) {
  EXPECT_EQ(Latencies{}.quantile(0.99), 0U);
}

TEST(Latencies, NeverSayMoreThanTheLargest) {
  Latencies latencies;
  latencies.add(1'000'001);
  EXPECT_EQ(latencies.quantile(0.999), 1'000'001U);
  EXPECT_EQ(latencies.largest(), 1'000'001U);
}

}  // namespace
}  // namespace sluice::load
