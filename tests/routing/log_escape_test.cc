// SPDX-License-Identifier: MIT
#include "routing/log_escape.h"

#include <gtest/gtest.h>

namespace sluice::routing {
namespace {

std::string escaped(std::string_view value, LogEscape escape) {
  std::string out = "log:";
  append_log_escaped(out, value, escape);
  return out;
}

TEST(LogEscape, WritesUnsafeBytesAsHexByDefault) {
  const auto standard = [](std::string_view value) { return escaped(value, LogEscape::standard); };
  EXPECT_EQ(standard(""), "log:");
  EXPECT_EQ(standard("/plain?a=b"), "log:/plain?a=b");
  EXPECT_EQ(standard("\"a\\b\""), "log:\\x22a\\x5Cb\\x22");
  EXPECT_EQ(standard("a\r\nb\t"), "log:a\\x0D\\x0Ab\\x09");
  EXPECT_EQ(standard("\x7f\xc3\xa9 ~"), "log:\\x7F\\xC3\\xA9 ~");
  EXPECT_EQ(standard(std::string_view("\0", 1)), "log:\\x00");
}

TEST(LogEscape, WritesTheInsideOfAJsonString) {
  const auto json = [](std::string_view value) { return escaped(value, LogEscape::json); };
  EXPECT_EQ(json("a\"b\\c"), "log:a\\\"b\\\\c");
  EXPECT_EQ(json("\n\r\t\b\f"), "log:\\n\\r\\t\\b\\f");
  EXPECT_EQ(json("\x1f"), "log:\\u001F");
  EXPECT_EQ(json("caf\xc3\xa9\x7f"), "log:caf\xc3\xa9\x7f");
}

TEST(LogEscape, LeavesEverythingWhenToldSo) {
  EXPECT_EQ(escaped("a\"\n", LogEscape::none), "log:a\"\n");
}

TEST(LogEscape, EscapesWhatStandsInALineAlready) {
  std::string line = "\"ab\"cd\"";
  escape_in_place(line, 1, LogEscape::standard);
  EXPECT_EQ(line, "\"ab\\x22cd\\x22");
}

}  // namespace
}  // namespace sluice::routing
