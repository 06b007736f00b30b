// SPDX-License-Identifier: MIT
#include "simulate/format.h"

#include <gtest/gtest.h>

#include <set>

#include "simulate/workload.h"

namespace sluice::simulate {
namespace {

TEST(Format, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12345678), "12,345,678");
}

TEST(Format, CountsThings) {
  EXPECT_EQ(counted(1, "request"), "1 request");
  EXPECT_EQ(counted(0, "request"), "0 requests");
  EXPECT_EQ(counted(10000, "URI"), "10,000 URIs");
}

TEST(Format, RoundsHalfUp) {
  EXPECT_EQ(percent(1, 3), "33.3 %");
  EXPECT_EQ(percent(2, 3), "66.7 %");
  EXPECT_EQ(percent(1, 2000), "0.1 %");
  EXPECT_EQ(percent(0, 0), "-");
  EXPECT_EQ(mean(Micros{5}, 2), Micros{3});
  EXPECT_EQ(mean(Micros{0}, 0), Micros{0});
  EXPECT_EQ(milliseconds(Micros{1'234'005}), "1,234.005 ms");
  EXPECT_EQ(seconds(Micros{1'499'500}), "1.500 s");
}

TEST(Format, DrawsBarsAndLines) {
  EXPECT_EQ(bar(1, 1, 4), "████");
  EXPECT_EQ(bar(5, 8, 4), "██▌");
  EXPECT_EQ(bar(0, 8, 4), "");
  EXPECT_EQ(bar(0, 0, 4), "");
  const std::uint32_t values[]{0, 500, 1000};
  EXPECT_EQ(sparkline(values, 1000), "▁▅█");
  EXPECT_EQ(sparkline(values, 0), "▁▁▁");
}

TEST(Format, AlignsColumnsByLettersNotBytes) {
  EXPECT_EQ(table({{"é", "1"}, {"abc", "22"}}, "lr"), "é     1\nabc  22\n");
  EXPECT_EQ(table({{"a", ""}}, "ll"), "a\n");
}

TEST(Workload, MakesUpEachClientOnce) {
  Options options;
  options.clients.count = 20'000;
  std::set<std::string> addresses;
  for (const Client& client : make_workload(options).clients) {
    EXPECT_EQ(client.bytes.size(), 4U);
    addresses.insert(client.text);
  }
  EXPECT_EQ(addresses.size(), 20'000U);
}

}  // namespace
}  // namespace sluice::simulate
