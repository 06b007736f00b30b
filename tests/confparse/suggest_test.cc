// SPDX-License-Identifier: MIT
#include "confparse/suggest.h"

#include <gtest/gtest.h>

#include <array>

namespace sluice::confparse {
namespace {

constexpr std::array<std::string_view, 4> kNames{"weight=", "max_fails=", "down", "backup"};

TEST(EditDistance, CountsASwapOnceAndIgnoresCase) {
  EXPECT_EQ(edit_distance("weight", "wieght"), 1U);
  EXPECT_EQ(edit_distance("WEIGHT", "weight"), 0U);
  EXPECT_EQ(edit_distance("proxy_reed_timeout", "proxy_read_timeout"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsTheNameThatWasMeant) {
  EXPECT_EQ(nearest("wieght=", kNames), "weight=");
  EXPECT_EQ(nearest("bakcup", kNames), "backup");
}

TEST(Nearest, KeepsQuietWhenNothingIsNear) {
  EXPECT_EQ(nearest("slow_start", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), kNames), "");
}

TEST(Expected, ListsTheChoicesWhenNoneIsNear) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "on", "build"};
  EXPECT_EQ(expected_one_of("xyz", kChoices), "expected \"off\", \"on\" or \"build\"");
  EXPECT_EQ(expected_one_of("biuld", kChoices), "did you mean \"build\"?");
}

}  // namespace
}  // namespace sluice::confparse
