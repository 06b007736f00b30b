// SPDX-License-Identifier: MIT
#include "http/ranges.h"

#include <gtest/gtest.h>

namespace sluice::tests {
namespace {

using http::Asked;
using Ranges = std::vector<http::ByteRange>;

struct Row {
  const char* value;
  Asked asked;
  Ranges ranges = {};
};

constexpr std::uint64_t kSize = 11;

const Row kRows[] = {
    {"bytes=2-4", Asked::parts, {{2, 5}}},
    {"BYTES=2-4", Asked::parts, {{2, 5}}},
    {"bytes= 2 - 4 ", Asked::parts, {{2, 5}}},
    {"bytes=8-", Asked::parts, {{8, 11}}},
    {"bytes=8-100", Asked::parts, {{8, 11}}},
    {"bytes=0-", Asked::parts, {{0, 11}}},
    {"bytes=-3", Asked::parts, {{8, 11}}},
    {"bytes=-11", Asked::parts, {{0, 11}}},
    {"bytes=-100", Asked::parts, {{0, 11}}},
    {"bytes=10-10", Asked::parts, {{10, 11}}},
    {"bytes=0-9223372036854775807", Asked::parts, {{0, 11}}},
    {"bytes=0-1,3-4", Asked::parts, {{0, 2}, {3, 5}}},
    {"bytes=3-4 , 0-1", Asked::parts, {{3, 5}, {0, 2}}},
    {"bytes=1-2,1-2", Asked::parts, {{1, 3}, {1, 3}}},
    {"bytes=50-60,1-2", Asked::parts, {{1, 3}}},
    {"bytes=0-5,5-10", Asked::whole},
    {"bytes=0-8,0-8", Asked::whole},
    {"bytes=0-0,1-1,2-2,3-3", Asked::whole},  // more than three
    {"bytes=", Asked::whole},
    {"bytes", Asked::whole},
    {"", Asked::whole},
    {"items=0-1", Asked::whole},
    {"bytes 0-1", Asked::whole},
    {"bytes=11-", Asked::unsatisfiable},
    {"bytes=50-60", Asked::unsatisfiable},
    {"bytes=5-2", Asked::unsatisfiable},
    {"bytes=-0", Asked::unsatisfiable},
    {"bytes=-", Asked::unsatisfiable},
    {"bytes=x", Asked::unsatisfiable},
    {"bytes=1", Asked::unsatisfiable},
    {"bytes=1-x", Asked::unsatisfiable},
    {"bytes=1-2x", Asked::unsatisfiable},
    {"bytes=1-2,x", Asked::unsatisfiable},
    {"bytes=1-2,", Asked::unsatisfiable},
    {"bytes=,1-2", Asked::unsatisfiable},
    {"bytes=--1", Asked::unsatisfiable},
    {"bytes=+1-2", Asked::unsatisfiable},
    {"bytes=0-9223372036854775808", Asked::unsatisfiable},
    {"bytes=18446744073709551616-", Asked::unsatisfiable},
    {"bytes=-18446744073709551615", Asked::unsatisfiable},
};

TEST(Ranges, AreReadAsNginxReadsThem) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.value);
    Ranges ranges{{7, 8}};
    EXPECT_EQ(http::read_ranges(row.value, kSize, 3, ranges), row.asked);
    if (row.asked == Asked::parts) {
      EXPECT_EQ(ranges, row.ranges);
    }
  }
}

TEST(Ranges, OfNothingAreNothing) {
  Ranges ranges;
  EXPECT_EQ(http::read_ranges("bytes=0-", 0, 9, ranges), Asked::whole);
  EXPECT_EQ(http::read_ranges("bytes=0-5", 0, 9, ranges), Asked::whole);
  EXPECT_EQ(http::read_ranges("bytes=-5", 0, 9, ranges), Asked::whole);
  EXPECT_EQ(http::read_ranges("bytes=1-", 0, 9, ranges), Asked::unsatisfiable);
}

TEST(Ranges, AreNamedInTheAnswer) {
  const http::ByteRange range{2, 5};
  EXPECT_EQ(http::content_range(&range, 11), "bytes 2-4/11");
  EXPECT_EQ(http::content_range(nullptr, 11), "bytes */11");
}

TEST(Ranges, MakeABodyOfTheLengthThatIsPromised) {
  const http::MultipartRanges multipart{"a/b", "BOUNDARY", 11};
  const Ranges ranges{{0, 2}, {3, 5}};
  std::string body;
  for (const http::ByteRange& range : ranges) {
    multipart.append_head(body, range);
    body.append(range.size(), 'x');
  }
  multipart.append_end(body);
  EXPECT_EQ(body,
            "\r\n--BOUNDARY\r\nContent-Type: a/b\r\nContent-Range: bytes 0-1/11\r\n\r\nxx"
            "\r\n--BOUNDARY\r\nContent-Type: a/b\r\nContent-Range: bytes 3-4/11\r\n\r\nxx"
            "\r\n--BOUNDARY--\r\n");
  EXPECT_EQ(multipart.length(ranges), body.size());
  EXPECT_EQ(multipart.content_type(), "multipart/byteranges; boundary=BOUNDARY");
}

}  // namespace
}  // namespace sluice::tests
