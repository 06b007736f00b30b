// SPDX-License-Identifier: MIT
// Host headers that could make a cache, a log or a redirect believe another host.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

Attack host(const std::string& value) {
  return refused("Host: " + value, "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n");
}
Attack good_host(const std::string& value) {
  return {"Host: " + value, "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n", "200 204", kPassedGet};
}

TEST(HostHeader, ThatIsNoHostIsRefused) {
  expect_all({
      host(""),
      host(" "),
      host("a b"),
      host("a/b"),
      host("a\\b"),
      host("/"),
      host("a?b"),
      host("a#b"),
      host("user@a"),
      host("user:pass@a"),
      host("a@b:80"),
      host("http://a"),
      host("a:b"),
      host("a:80x"),
      host("a:80:80"),
      host("a:-1"),
      host("a: 80"),
      host("a :80"),
      host(":80"),
      host("a..b"),
      host(".."),
      host("[::1"),
      host("::1"),
      host("[]"),
      host("[::1]x"),
      host("[::1]:x"),
      host("a]"),
      host("a<script>"),
      host("\"a\""),
      host("a|b"),
      host("a^b"),
      host("`a`"),
      host("{a}"),
      host("a\tb"),
      host(with("a", '\0', "b")),
      host("a\r\n b"),
      host("a\rb"),
      host("a\nb"),
      host(with("a", '\x7f', "")),
  });
}

TEST(HostHeader, HasToBeThereOnce) {
  expect_all({
      refused("missing", "GET / HTTP/1.1\r\n\r\n"),
      refused("twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
      refused("twice the same", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
      refused("in two cases", "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n"),
      refused("one empty", "GET / HTTP/1.1\r\nHost: a\r\nHost:\r\n\r\n"),
      refused("folded", "GET / HTTP/1.1\r\nHost: a\r\n Host: b\r\n\r\n"),
      refused("blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
      refused("both spellings", "GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n"),
      {"missing in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "200", kPassedGet},
  });
}

TEST(HostHeader, MayBeAnyHost) {
  expect_all({
      good_host("a"),
      good_host("a.example:8080"),
      good_host("a.example."),
      good_host("a:"),
      good_host("a_b"),
      good_host("[::1]:80"),
      good_host("127.0.0.1"),
      good_host("A.EXAMPLE"),
      good_host("a,b"),
      good_host("*"),
      good_host("\xc3\xa4"),
  });
}

// Only the header that is called Host says the host.
TEST(HostHeader, IsNotReplacedByOthers) {
  expect_all({
      {"X-Forwarded-Host", get("X-Forwarded-Host: evil\r\n"), "200 204",
       passed("GET /", "X-Forwarded-Host: evil\r\n")},
      {"Forwarded", get("Forwarded: host=evil\r\n"), "200 204",
       passed("GET /", "Forwarded: host=evil\r\n")},
      {"H0st", get("H0st: evil\r\n"), "200 204", passed("GET /", "H0st: evil\r\n")},
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
