// SPDX-License-Identifier: MIT
#include "http/writer.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace sluice::tests {

namespace {

TEST(HeadWriter, WritesHeadersAndNumbers) {
  std::string out;
  http::append_header(out, "Age", "5");
  http::append_number(out, 0);
  http::append_number(out, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out, "Age: 5\r\n018446744073709551615");
}

TEST(StatusLine, IsWordedAsInNginx) {
  EXPECT_EQ(http::status_line(200), "200 OK");
  EXPECT_EQ(http::status_line(302), "302 Moved Temporarily");
  EXPECT_EQ(http::status_line(405), "405 Not Allowed");
  EXPECT_EQ(http::status_line(504), "504 Gateway Time-out");
  EXPECT_EQ(http::status_line(507), "507 Insufficient Storage");
}

TEST(StatusLine, OfAnUnknownStatusIsItsNumberAndABlank) {
  EXPECT_EQ(http::status_line(418), "418 ");
  EXPECT_EQ(http::status_line(203), "203 ");
  EXPECT_EQ(http::status_line(511), "511 ");
  EXPECT_EQ(http::status_line(999), "999 ");
}

TEST(ChunkSizeLine, IsHexadecimal) {
  std::array<char, 24> room;
  EXPECT_EQ(http::chunk_size_line(0, room), "0\r\n");
  EXPECT_EQ(http::chunk_size_line(500, room), "1f4\r\n");
  EXPECT_EQ(http::chunk_size_line(std::numeric_limits<std::uint64_t>::max(), room),
            "ffffffffffffffff\r\n");
}

}  // namespace

}  // namespace sluice::tests
