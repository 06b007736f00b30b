// SPDX-License-Identifier: MIT
#include "confparse/values.h"

#include <gtest/gtest.h>

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;

TEST(Values, ReadWholeNumbersOnly) {
  EXPECT_EQ(parse_number("0"), 0U);
  EXPECT_EQ(parse_number("9223372036854775807"), 9223372036854775807U);
  for (const char* wrong :
       {"", "-1", "+1", "1x", " 1", "9223372036854775808", "99999999999999999999"}) {
    EXPECT_FALSE(parse_number(wrong)) << wrong;
  }
}

TEST(Values, ReadSizesWithTheUnitsOfNginx) {
  EXPECT_EQ(parse_size("8k"), 8192U);
  EXPECT_EQ(parse_size("8K"), 8192U);
  EXPECT_EQ(parse_size("1M"), 1048576U);
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_offset("1G"), 1073741824U);
  for (const char* wrong : {"", "k", "1g", "1kb", "-1k", "1 k", "9223372036854775807k"}) {
    EXPECT_FALSE(parse_size(wrong)) << wrong;
  }
  EXPECT_FALSE(parse_offset("9999999999999g"));
}

TEST(Values, ReadTimesInSecondsUnlessTheySayOtherwise) {
  EXPECT_EQ(parse_milliseconds("30"), 30s);
  EXPECT_EQ(parse_milliseconds("30s"), 30s);
  EXPECT_EQ(parse_milliseconds("500ms"), 500ms);
  EXPECT_EQ(parse_milliseconds("1h30m"), 90min);
  EXPECT_EQ(parse_milliseconds("1h 30m"), 90min);
  EXPECT_EQ(parse_milliseconds("1m30"), 90s);
  EXPECT_EQ(parse_milliseconds("1d"), 24h);
  EXPECT_EQ(parse_milliseconds("2w"), 336h);
  EXPECT_EQ(parse_milliseconds("1s500ms"), 1500ms);
  EXPECT_EQ(parse_milliseconds("9223372036854775807ms"), std::chrono::hours{24 * 365 * 100});
}

TEST(Values, RefuseTimesInTheWrongOrderOrOutOfRange) {
  for (const char* wrong : {"", "s", "1x", "1m1h", "1s1s", "1ms1s", "-1", "1.5s", " 1", "1M", "1y",
                            "9223372036854775807d", "99999999999999999999"}) {
    EXPECT_FALSE(parse_milliseconds(wrong)) << wrong;
  }
}

TEST(Values, KnowMonthsAndYearsButNoMillisecondsWhereSecondsAreMeant) {
  EXPECT_EQ(parse_seconds("1M"), 720h);
  EXPECT_EQ(parse_seconds("1y"), 8760h);
  EXPECT_EQ(parse_seconds("10"), 10s);
  EXPECT_FALSE(parse_seconds("100ms"));
}

TEST(Values, TakeOnAndOffInAnyCase) {
  EXPECT_EQ(parse_flag("on"), true);
  EXPECT_EQ(parse_flag("OFF"), false);
  EXPECT_FALSE(parse_flag("true"));
}

TEST(Values, SayWhatIsWrongWithAVariable) {
  EXPECT_EQ(variable_complaint("plain $a ${b}c $1 $a$b"), "");
  EXPECT_EQ(variable_complaint("$"), "invalid variable name");
  EXPECT_EQ(variable_complaint("5$ off"), "invalid variable name");
  EXPECT_EQ(variable_complaint("${a"), "the closing bracket in \"a\" variable is missing");
  EXPECT_EQ(variable_complaint("${}"), "invalid variable name");
}

}  // namespace
}  // namespace sluice::confparse
