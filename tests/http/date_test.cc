// SPDX-License-Identifier: MIT
#include "http/date.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice::tests {

namespace {

constexpr std::time_t kExample = 784111777;  // of RFC 9110, section 5.6.7

// Sets the zone of this process for one test.
class Zone {
 public:
  explicit Zone(const char* name) { set(name); }
  ~Zone() { set("UTC"); }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  static void set(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
};

TEST(DateCache, WritesATimeInThreeWays) {
  const Zone zone{"UTC"};
  http::DateCache dates;
  EXPECT_EQ(dates.http_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(dates.local_time(kExample), "06/Nov/1994:08:49:37 +0000");
  EXPECT_EQ(dates.iso8601(kExample), "1994-11-06T08:49:37+00:00");
}

TEST(DateCache, KnowsTheLocalZone) {
  http::DateCache dates;
  {
    const Zone zone{"<+0530>-5:30"};
    EXPECT_EQ(dates.local_time(kExample), "06/Nov/1994:14:19:37 +0530");
    EXPECT_EQ(dates.iso8601(kExample), "1994-11-06T14:19:37+05:30");
    EXPECT_EQ(dates.http_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
  }
  const Zone zone{"<-0930>9:30"};
  EXPECT_EQ(dates.local_time(kExample + 1), "05/Nov/1994:23:19:38 -0930");
}

TEST(DateCache, FollowsTheSeconds) {
  http::DateCache dates;
  EXPECT_EQ(dates.http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(dates.http_date(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(dates.http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, IsReadInItsThreeFormats) {
  EXPECT_EQ(http::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kExample);
  EXPECT_EQ(http::parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kExample);
  EXPECT_EQ(http::parse_http_date("Sun Nov  6 08:49:37 1994"), kExample);
  EXPECT_EQ(http::parse_http_date("Wed Nov 16 08:49:37 1994"), kExample + 10 * 86400);
  EXPECT_EQ(http::parse_http_date("Thursday, 06-Nov-25 08:49:37 GMT"), 1762418977);
}

TEST(HttpDate, IsReadAsItWasWritten) {
  for (const std::time_t time : {0L, 1L, 951782400L, 1709164800L, 4102444799L, 253402300799L}) {
    EXPECT_EQ(http::parse_http_date(http::format_http_date(time)), time);
  }
}

TEST(HttpDate, IsRefusedWhenItIsNone) {
  for (const std::string_view text :
       {"", "now", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:3 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "Sunday, 06-Nov-1994 08:49:37 GMT"}) {
    EXPECT_EQ(http::parse_http_date(text), -1) << text;
  }
}

}  // namespace

}  // namespace sluice::tests
