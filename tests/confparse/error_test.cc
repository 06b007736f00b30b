// SPDX-License-Identifier: MIT
#include "confparse/error.h"

#include <gtest/gtest.h>

namespace sluice::confparse {
namespace {

Position place(std::string text, std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  return {std::make_shared<const SourceFile>(SourceFile{"conf/full.conf", std::move(text)}), line,
          column, length};
}

TEST(ErrorText, NamesTheFileTheLineAndTheColumn) {
  EXPECT_EQ(one_line(place("a b;", 1, 3, 1), "wrong"), "wrong in conf/full.conf:1:3");
}

TEST(ErrorText, NamesNoPlaceWhenThereIsNone) {
  EXPECT_EQ(one_line({}, "wrong"), "wrong");
}

TEST(ErrorText, ShowsTheLineWithTheWordUnderlinedAndTheAdvice) {
  EXPECT_EQ(
      explain(place("\n    proxy_reed_timeout 5s;\n", 2, 5, 18),
              "unknown directive \"proxy_reed_timeout\"", "did you mean \"proxy_read_timeout\"?"),
      "unknown directive \"proxy_reed_timeout\" in conf/full.conf:2:5\n"
      "    2 |     proxy_reed_timeout 5s;\n"
      "      |     ^~~~~~~~~~~~~~~~~~\n"
      "      = did you mean \"proxy_read_timeout\"?");
}

TEST(ErrorText, KeepsTabsSoThatTheCaretStandsUnderItsWord) {
  EXPECT_EQ(explain(place("\ta\tb;", 1, 4, 1), "wrong", ""),
            "wrong in conf/full.conf:1:4\n"
            "    1 | \ta\tb;\n"
            "      | \t \t^");
}

TEST(ErrorText, CountsCharactersNotBytesUnderTheLine) {
  EXPECT_EQ(explain(place("ä ß b;", 1, 4, 2), "wrong", ""),
            "wrong in conf/full.conf:1:4\n"
            "    1 | ä ß b;\n"
            "      |   ^");
}

TEST(ErrorText, ShowsAPlaceBehindTheLastLine) {
  EXPECT_EQ(explain(place("a\n", 2, 1, 1), "wrong", ""),
            "wrong in conf/full.conf:2:1\n"
            "    2 | \n"
            "      | ^");
}

TEST(ErrorText, HidesControlCharacters) {
  EXPECT_EQ(one_line({}, std::string("a\x1b[31m\nb")), "a?[31m?b");
}

TEST(ErrorText, CutsALongLineAroundTheWord) {
  const std::string text = explain(
      place(std::string(5000, 'x') + " wrong " + std::string(5000, 'y'), 1, 5002, 5), "wrong", "");
  EXPECT_LT(text.size(), 500U);
  EXPECT_NE(text.find("x wrong y"), std::string::npos);
  EXPECT_NE(text.find("^~~~~"), std::string::npos);
}

TEST(ErrorText, CutsAHugeMessage) {
  EXPECT_LT(one_line({}, std::string(1'000'000, 'x')).size(), 3000U);
}

}  // namespace
}  // namespace sluice::confparse
