// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "http/uri.h"
#include "tests/support/cut_everywhere.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;

std::string normalised(std::string_view host) {
  const ExactCopy bytes{host};
  std::string storage;
  const std::string normal{http::normalise_host(bytes.view(), storage)};
  EXPECT_EQ(http::is_host(bytes.view()), !normal.empty()) << host;
  return normal;
}

TEST(NormaliseHost, GivesAPlainHostBackAsItIs) {
  std::string storage;
  const std::string_view host = "www.example.com:8080";
  const std::string_view normal = http::normalise_host(host, storage);
  EXPECT_EQ(normal, "www.example.com");
  EXPECT_EQ(normal.data(), host.data());
}

TEST(NormaliseHost, WritesItInLowerCase) {
  EXPECT_EQ(normalised("WWW.Example.COM"), "www.example.com");
  EXPECT_EQ(normalised("[FE80::1]:80"), "[fe80::1]");
}

TEST(NormaliseHost, DropsPortAndFinalDot) {
  EXPECT_EQ(normalised("a:80"), "a");
  EXPECT_EQ(normalised("a:"), "a");
  EXPECT_EQ(normalised("a."), "a");
  EXPECT_EQ(normalised("a.b.:80"), "a.b");
  EXPECT_EQ(normalised("127.0.0.1:1"), "127.0.0.1");
}

TEST(NormaliseHost, KeepsTheBracketsOfAnAddress) {
  EXPECT_EQ(normalised("[::1]"), "[::1]");
  EXPECT_EQ(normalised("[::1]:8080"), "[::1]");
  EXPECT_EQ(normalised("[::ffff:1.2.3.4]"), "[::ffff:1.2.3.4]");
}

TEST(NormaliseHost, TakesWhatNginxTakes) {
  EXPECT_EQ(normalised("a_b-c.d"), "a_b-c.d");
  EXPECT_EQ(normalised("xn--mller-kva"), "xn--mller-kva");
  EXPECT_EQ(normalised("m\xc3\xbcller"), "m\xc3\xbcller");
  EXPECT_EQ(normalised("a%20b"), "a%20b");
  EXPECT_EQ(normalised("a,b"), "a,b");
  EXPECT_EQ(normalised("*.a"), "*.a");
}

TEST(NormaliseHost, RefusesWhatIsNoHost) {
  for (const std::string_view host :
       {""sv,        "."sv,    ":80"sv,  ".."sv,      "a..b"sv,  "a.."sv,  "a/b"sv, "a b"sv,
        " a"sv,      "a\tb"sv, "a\0b"sv, "a\x7f"sv,   "a\\b"sv,  "u@a"sv,  "a?b"sv, "a#b"sv,
        "a\""sv,     "<a>"sv,  "a:b"sv,  "a:80:81"sv, "a:+80"sv, "[::1"sv, "[]"sv,  "[::1]x"sv,
        "[::1]:x"sv, "a[b]"sv, "a]"sv,   "[[::1]]"sv, "[/]"sv,   "::1"sv}) {
    EXPECT_EQ(normalised(host), "") << host;
  }
}

}  // namespace

}  // namespace sluice::tests
