// SPDX-License-Identifier: MIT
// limit_rate and its like: bytes come no faster than allowed.  Only that is asserted: they may
// always come later.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

const std::string kBody(30'000, 'x');

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines) {
  return "server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() + "; " +
         lines + " } }";
}

// Asks, and says how long the answer took.
milliseconds time_of(const RunningProxy& proxy, const std::string& path = "/") {
  const auto begin = Clock::now();
  const HttpAnswer answer = proxy.get(path);
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == kBody);
  return std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
}

TEST(LimitRate, HoldsAnAnswerBack) {
  ScriptedPeer peer{respond(200, kBody)};
  const RunningProxy proxy{proxy_to(peer, "limit_rate 20k;")};
  EXPECT_GE(time_of(proxy), milliseconds{400});  // 20480 at once, then half a second for the rest
}

TEST(LimitRate, BeginsAfterSomeBytes) {
  ScriptedPeer peer{respond(200, kBody)};
  const RunningProxy proxy{proxy_to(peer, "limit_rate 20k; limit_rate_after 5k;")};
  EXPECT_GE(time_of(proxy), milliseconds{180});
}

TEST(LimitRate, MayDependOnTheRequest) {
  ScriptedPeer peer{respond(200, kBody)};
  const RunningProxy proxy{"map $uri $rate { /slow 20k; default 0; } " +
                           proxy_to(peer, "limit_rate $rate;")};
  EXPECT_GE(time_of(proxy, "/slow"), milliseconds{400});
  time_of(proxy, "/fast");
}

TEST(LimitRate, IsAsThePeerSaysForOneAnswer) {
  ScriptedPeer peer{respond(200, kBody, "X-Accel-Limit-Rate: 20480\r\n")};
  const RunningProxy proxy{proxy_to(peer, "")};
  EXPECT_GE(time_of(proxy), milliseconds{400});
}

TEST(LimitRate, HoldsAFileBack) {
  const RunningProxy proxy{"server { listen 127.0.0.1:0; root .; limit_rate 20k; }",
                           {.files = {{"file", kBody}}}};
  EXPECT_GE(time_of(proxy, "/file"), milliseconds{400});
}

TEST(LimitRate, DoesNotHoldThePeer) {
  ScriptedPeer peer{respond(200, kBody, "Connection: close\r\n")};
  const RunningProxy proxy{proxy_to(peer, "limit_rate 1k;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_all_closed();  // long before the half minute that the client has to wait
}

TEST(LimitRate, EndsWithItsClient) {
  ScriptedPeer peer{respond(200, kBody)};
  RunningProxy proxy{proxy_to(peer, "limit_rate 1k;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  client.reset();
  EXPECT_EQ(proxy.quit(), 0);
}

TEST(ProxyLimitRate, HoldsThePeerBack) {
  ScriptedPeer peer{respond(200, kBody)};
  const RunningProxy proxy{proxy_to(peer, "proxy_limit_rate 10k; proxy_buffer_size 4k;")};
  EXPECT_GE(time_of(proxy), milliseconds{400});
}

}  // namespace
}  // namespace sluice::tests
