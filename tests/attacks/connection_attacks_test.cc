// SPDX-License-Identifier: MIT
// What belongs to one connection: Connection itself, upgrades, Expect, requests sent ahead.
#include <gtest/gtest.h>

#include "tests/attacks/attack.h"

namespace sluice::tests::attacks {
namespace {

// Passed without the headers that are a connection's own.
Attack stripped(const std::string& headers, const std::string& left = {},
                const std::string& statuses = "200 204") {
  return {headers, get(headers), statuses, passed("GET /", left)};
}

TEST(ConnectionHeaders, AreNotPassedOn) {
  expect_all({
      stripped("Connection: keep-alive\r\n"),
      stripped("Connection: close\r\n", "", "200"),
      stripped("Connection: CLOSE\r\n", "", "200"),
      stripped("Connection: foo, close, bar\r\n", "", "200"),
      stripped("Connection: keep-alive\r\nConnection: close\r\n", "", "200"),
      stripped("Connection: closex\r\n"),
      stripped("Connection: \"close\"\r\n"),
      stripped("Keep-Alive: timeout=5\r\n"),
      stripped("Proxy-Connection: keep-alive\r\n"),
      stripped("TE: trailers\r\n"),
      stripped("Upgrade: websocket\r\n"),
      // Taking away what a client lists would let it take away what a proxy before us has put in;
      // nginx does not either.
      stripped("Connection: X-Real-IP\r\nX-Real-IP: 1.2.3.4\r\n", "X-Real-IP: 1.2.3.4\r\n"),
      stripped("Connection: Host, Content-Length\r\n"),
      {"Content-Length listed", post("Connection: Content-Length\r\nContent-Length: 3\r\n", "abc"),
       "200 204", passed_post("abc")},
      {"Transfer-Encoding listed",
       post("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n"),
       "200 204", passed_post("abc")},
  });
}

// An upgrade nobody agreed to: what follows is the next request.
TEST(Upgrades, AreNotAskedOfThePeerUnlessConfigured) {
  const std::string smuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto upgrade = [&](const std::string& headers) {
    return Attack{headers, get(headers) + smuggled, "200 200 204",
                  kPassedGet + passed("GET /admin")};
  };
  expect_all({
      upgrade("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
      upgrade("Connection: upgrade\r\nUpgrade: h2c\r\n"),
      upgrade("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
      upgrade("Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n"),
      upgrade("Connection: Upgrade\r\nUpgrade: HTTP/2.0\r\n"),
      upgrade("Upgrade: h2c\r\n"),
      upgrade("Connection: Upgrade\r\n"),
      upgrade("Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n"),
      {"with its settings",
       get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
       "200 204", kPassedGet},
      {"with a body", post("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n", "abc"),
       "200 204", passed_post("abc")},
      refused("prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  });
}

TEST(Expectations, AreMetHereAndNotPassedOn) {
  const auto expects = [](const std::string& value) {
    return Attack{value, post("Content-Length: 3\r\nExpect: " + value + "\r\n", "abc"), "200 204",
                  passed_post("abc")};
  };
  expect_all({
      expects("100-continue"),
      expects("100-CONTINUE"),
      expects(" 100-continue "),
      expects("x 100-continue"),
      expects("100-continue, 100-continue"),
      expects("200-ok"),
      expects("y"),
      expects(""),
      {"twice", post("Content-Length: 3\r\nExpect: 100-continue\r\nExpect: x\r\n", "abc"),
       "200 204", passed_post("abc")},
      {"without a body", get("Expect: 100-continue\r\n"), "200 204", kPassedGet},
      {"of HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
       "200", passed_post("abc")},
      {"with a smuggled body",
       get("Content-Length: 34\r\nExpect: 100-continue\r\n") +
           "GET /admin HTTP/1.1\r\nHost: abc\r\n\r\n",
       "200 204",
       passed("GET /", "Content-Length: 34\r\n", "GET /admin HTTP/1.1\r\nHost: abc\r\n\r\n")},
      refused("with a bad chunk",
              post("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", "x\r\n")),
  });
}

TEST(RequestsSentAhead, AreAnsweredInTheirOrderUntilOneIsRefused) {
  expect_all({
      {"three", get() + get() + get(), "200 200 200 204", kPassedGet + kPassedGet + kPassedGet},
      {"behind a body", post("Content-Length: 3\r\n", "abc") + get(), "200 200 204",
       passed_post("abc") + kPassedGet},
      {"behind chunks", chunked("3\r\nabc\r\n0\r\n\r\n") + get(), "200 200 204",
       passed_post("abc") + kPassedGet},
      {"behind HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get(), "200 200 204",
       passed("HEAD /") + kPassedGet},
      {"behind a refusal", get("X y\r\n") + get(), "400"},
      {"before a refusal", get() + "nonsense\r\n\r\n" + get(), "200 400", kPassedGet},
      {"behind close", get("Connection: close\r\n") + get(), "200", kPassedGet},
      {"behind HTTP/1.0", "GET / HTTP/1.0\r\n\r\n" + get(), "200", kPassedGet},
      {"behind HTTP/1.0 that stays", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get(),
       "200 200 204", kPassedGet + kPassedGet},
  });
}

}  // namespace
}  // namespace sluice::tests::attacks
