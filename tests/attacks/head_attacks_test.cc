// SPDX-License-Identifier: MIT
// Bytes and lines that no head may hold, in each of its parts.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

Attack line(const std::string& text) {
  return refused(text, get(text + "\r\n"));
}

TEST(HeadBytes, ThatEndLinesForSomeAreRefusedEverywhere) {
  std::vector<Attack> attacks;
  for (const char bad : {'\0', '\r', '\n', '\x01', '\x08', '\v', '\f', '\x1b', '\x7f'}) {
    const std::string which = "byte " + std::to_string(static_cast<int>(bad)) + " in the ";
    attacks.push_back(
        refused(which + "method", with("G", bad, "ET / HTTP/1.1\r\nHost: a\r\n\r\n")));
    attacks.push_back(
        refused(which + "path", with("GET /x", bad, "y HTTP/1.1\r\nHost: a\r\n\r\n")));
    attacks.push_back(
        refused(which + "query", with("GET /?x", bad, "y HTTP/1.1\r\nHost: a\r\n\r\n")));
    attacks.push_back(
        refused(which + "version", with("GET / HTTP/1.1", bad, "\r\nHost: a\r\n\r\n")));
    attacks.push_back(refused(which + "name", get(with("X", bad, "Y: z\r\n"))));
    attacks.push_back(refused(which + "value's beginning", get(with("X:", bad, "z\r\n"))));
    attacks.push_back(refused(which + "value", get(with("X: y", bad, "z\r\n"))));
    attacks.push_back(refused(which + "Host", with("GET / HTTP/1.1\r\nHost: a", bad, "b\r\n\r\n")));
  }
  expect_all(attacks);
}

TEST(HeadLines, ThatTwoProgramsReadDifferentlyAreRefused) {
  expect_all({
      line("X: y\r\n folded"),
      line("X: y\r\n\tfolded"),
      line("X: y\r\n "),
      line("X:\r\n folded"),
      line(" X: y"),
      line("\tX: y"),
      line("X : y"),
      line("X\t: y"),
      line("X y: z"),
      line(": y"),
      line(":"),
      line("X"),
      line("X\r\nY"),
      line("X: y\r\r\nZ: z"),
      line("X: y\n\r\nGET /admin HTTP/1.1"),
      line("GET /admin HTTP/1.1"),
      refused("LF only", "GET / HTTP/1.1\nHost: a\n\n"),
      refused("LF at the end", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
      refused("LF LF at the end", "GET / HTTP/1.1\r\nHost: a\r\nX: y\n\n"),
      refused("CR only", "GET / HTTP/1.1\rHost: a\r\r"),
      refused("LF behind the line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
      refused("blank first line", " \r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      refused("a header before the line", "Host: a\r\nGET / HTTP/1.1\r\n\r\n"),
      refused("a folded line first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
      refused("a folded Host", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n"),
  });
}

// Odd, but with one reading only.  Names that are no tokens are dropped, as in nginx.
TEST(HeadLines, ThatAreOddAreDroppedOrPassedAsTheyAre) {
  const auto passes = [](const std::string& headers, const std::string& left) {
    return Attack{headers, get(headers), "200 204", passed("GET /", left)};
  };
  expect_all({
      passes("X: \r\n", "X: \r\n"),
      passes("X:y\r\n", "X: y\r\n"),
      passes("X: \t y \t \r\n", "X: y\r\n"),
      passes("X: y\tz\r\n", "X: y\tz\r\n"),
      passes("X: \x80\xff\r\n", "X: \x80\xff\r\n"),
      passes("X: y: z\r\n", "X: y: z\r\n"),
      passes("X: y\r\nX: z\r\n", "X: y\r\nX: z\r\n"),
      passes("X_Real_IP: evil\r\n", ""),
      passes("X\x80Y: z\r\n", ""),
      passes("X(Y: z\r\n", ""),
      passes("\"X\": z\r\n", ""),
      passes("X/Y: z\r\n", ""),
      passes("X@Y: z\r\n", ""),
      passes("X.Y: z\r\n", ""),
      passes("X!: z\r\n", ""),
      passes("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-For: 127.0.0.1\r\n"),
  });
}

TEST(HeadsSize, IsBounded) {
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "a:\r\n";
  const std::string giant(40'000, 'x');
  expect_whole({
      refused("a request line without end", "GET /" + giant, "414"),
      refused("a method without end", std::string(40'000, 'A'), "414"),
      refused("a header without end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + giant),
      refused("a name without end", "GET / HTTP/1.1\r\nHost: a\r\n" + giant),
      refused("headers without end", "GET / HTTP/1.1\r\nHost: a\r\n" + many),
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
