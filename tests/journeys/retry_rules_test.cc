// SPDX-License-Identifier: MIT
// What may reach a peer twice, and what counts against whom.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const std::vector<std::string>& servers, const std::string& lines = "") {
  std::string text = "upstream group {";
  for (const std::string& server : servers) {
    text += " server " + server + ";";
  }
  return text + " } server { listen 127.0.0.1:0; location / { proxy_pass http://group; " + lines +
         " } }";
}

TEST(RetryRules, NeedNoOtherWordThanTheStatusForAStatus) {
  ScriptedPeer busy{respond(503, "busy")};
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy proxy{
      proxy_to({busy.address(), healthy.address()}, "proxy_next_upstream http_503;")};
  EXPECT_EQ(proxy.get("/").body, "ok");
}

TEST(RetryRules, SendAPostOnceAlsoWhenAKeptConnectionDies) {
  // Answers the first request of a connection, takes the second and closes.
  ScriptedPeer peer{respond(200, "ok"), close_after_request()};
  const RunningProxy proxy{proxy_to({peer.address()})};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "ok");
  EXPECT_EQ(client.request("POST", "/", "", "order").status, 502);
  EXPECT_EQ(peer.requests().size(), 2u);
}

TEST(RetryRules, SendAGetAgainWhenAKeptConnectionDies) {
  ScriptedPeer peer{respond(200, "first"), close_after_request(), respond(200, "second")};
  const RunningProxy proxy{proxy_to({peer.address()})};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "first");
  EXPECT_EQ(client.get("/").body, "second");
  EXPECT_EQ(peer.accepted(), 2u);
}

TEST(RetryRules, DoNotCountADeadKeptConnectionAgainstThePeer) {
  ScriptedPeer peer{respond(200, "ok"), close_after_request(), respond(200, "ok")};
  ScriptedPeer other{respond(200, "backup")};
  const RunningProxy proxy{proxy_to({peer.address(), other.address() + " backup"})};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "ok");
  EXPECT_EQ(client.request("POST", "/", "", "order").status, 502);
  EXPECT_EQ(client.get("/").body, "ok");  // the peer does not rest
  EXPECT_EQ(other.requests().size(), 0u);
}

TEST(RetryRules, DoNotCountAClientThatLeavesAgainstThePeer) {
  ScriptedPeer peer{hang(), respond(200, "ok")};
  ScriptedPeer other{respond(200, "backup")};
  const RunningProxy proxy{proxy_to({peer.address(), other.address() + " backup"})};
  {
    HttpClient client = proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    peer.wait_for_requests(1);
  }
  peer.wait_until_all_closed();
  EXPECT_EQ(proxy.get("/").body, "ok");
}

}  // namespace
}  // namespace sluice::tests
