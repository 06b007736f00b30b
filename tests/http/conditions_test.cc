// SPDX-License-Identifier: MIT
#include "http/conditions.h"

#include <gtest/gtest.h>

namespace sluice::tests {
namespace {

using http::Since;

constexpr http::Validators kPresent{"\"tag\"", 784111777};
constexpr const char* kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kEarlier = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kLater = "Sun, 06 Nov 1994 08:49:38 GMT";

struct Condition {
  const char* name;
  const char* value;
};

int check(std::initializer_list<Condition> conditions, Since since = Since::exact,
          const http::Validators& present = kPresent) {
  http::Headers headers;
  for (const Condition& condition : conditions) {
    headers.add(condition.name, condition.value, http::header_id(condition.name));
  }
  return http::check_conditions(headers, present, since);
}

TEST(Conditions, AreNotAskedForMostly) {
  EXPECT_EQ(check({}), 0);
}

TEST(Conditions, IfMatchWantsTheStrongTag) {
  EXPECT_EQ(check({{"If-Match", "\"tag\""}}), 0);
  EXPECT_EQ(check({{"If-Match", "\"x\" ,\t\"tag\" "}}), 0);
  EXPECT_EQ(check({{"If-Match", "*"}}), 0);
  EXPECT_EQ(check({{"If-Match", "W/\"tag\""}}), 412);
  EXPECT_EQ(check({{"If-Match", "\"other\""}}), 412);
  EXPECT_EQ(check({{"If-Match", "tag"}}), 412);
  EXPECT_EQ(check({{"If-Match", "\"tag\""}}, Since::exact, {"", 5}), 412);
}

TEST(Conditions, IfUnmodifiedSinceWantsNothingNewer) {
  EXPECT_EQ(check({{"If-Unmodified-Since", kSame}}), 0);
  EXPECT_EQ(check({{"If-Unmodified-Since", kLater}}), 0);
  EXPECT_EQ(check({{"If-Unmodified-Since", kEarlier}}), 412);
  EXPECT_EQ(check({{"If-Unmodified-Since", "yesterday"}}), 412);
  EXPECT_EQ(check({{"If-Unmodified-Since", kEarlier}, {"If-Match", "\"tag\""}}), 0);
}

TEST(Conditions, IfNoneMatchTakesWeakTags) {
  EXPECT_EQ(check({{"If-None-Match", "\"tag\""}}), 304);
  EXPECT_EQ(check({{"If-None-Match", "\"x\",W/\"tag\""}}), 304);
  EXPECT_EQ(check({{"If-None-Match", "*"}}), 304);
  EXPECT_EQ(check({{"If-None-Match", "\"tag"}}), 0);
  EXPECT_EQ(check({{"If-None-Match", "\"xtag\""}}), 0);
  EXPECT_EQ(check({{"If-None-Match", "\"x\""}, {"If-Modified-Since", kSame}}), 0);
  EXPECT_EQ(check({{"If-None-Match", "\"tag\""}, {"If-Match", "\"x\""}}), 412);
}

TEST(Conditions, IfModifiedSinceIsTakenAsConfigured) {
  const auto since = [](const char* value, Since how) {
    return check({{"If-Modified-Since", value}}, how);
  };
  EXPECT_EQ(since(kSame, Since::exact), 304);
  EXPECT_EQ(since("Sun, 06 Nov 1994 08:49:37 GMT; length=11", Since::exact), 304);
  EXPECT_EQ(since(kLater, Since::exact), 0);
  EXPECT_EQ(since(kEarlier, Since::exact), 0);
  EXPECT_EQ(since(kSame, Since::before), 304);
  EXPECT_EQ(since(kLater, Since::before), 304);
  EXPECT_EQ(since(kEarlier, Since::before), 0);
  EXPECT_EQ(since("yesterday", Since::before), 0);
  EXPECT_EQ(since(kSame, Since::off), 0);
}

TEST(Conditions, IfRangeWantsThisVersion) {
  EXPECT_TRUE(http::if_range_holds("\"tag\"", kPresent));
  EXPECT_TRUE(http::if_range_holds(kSame, kPresent));
  EXPECT_FALSE(http::if_range_holds("\"x\"", kPresent));
  EXPECT_FALSE(http::if_range_holds(kLater, kPresent));
  EXPECT_FALSE(http::if_range_holds(kEarlier, kPresent));
  EXPECT_FALSE(http::if_range_holds("yesterday", kPresent));
  EXPECT_FALSE(http::if_range_holds("", kPresent));
  EXPECT_FALSE(http::if_range_holds("yesterday", {}));
  EXPECT_FALSE(http::if_range_holds("\"tag\"", {"", 5}));
  EXPECT_FALSE(http::if_range_holds("W/\"tag\"", {"W/\"tag\"", 5}));
}

}  // namespace
}  // namespace sluice::tests
