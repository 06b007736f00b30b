// SPDX-License-Identifier: MIT
// Large bodies that pass through the kernel: what arrives is what was sent, and nothing else.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines = "") {
  return "server { listen 127.0.0.1:0; client_max_body_size 0; location / { proxy_pass http://" +
         peer.address() + "; " + lines + " } }";
}

// Each of its bytes is told by its place: nothing is lost, doubled or in another order unseen.
std::string numbered(std::size_t size) {
  std::string text;
  for (int number = 0; text.size() < size; ++number) {
    text += std::to_string(number) + ' ';
  }
  text.resize(size);
  return text;
}

TEST(SplicedAnswer, ArrivesWholeAndIsFollowedByTheNext) {
  const std::string large = numbered(3'000'000);
  const std::string small = numbered(40'000);
  ScriptedPeer peer{respond(200, large), respond(200, small), respond(200, large)};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_TRUE(client.get("/").body == large);
  EXPECT_TRUE(client.get("/").body == small);
  EXPECT_TRUE(client.get("/").body == large);
  EXPECT_EQ(peer.accepted(), 1u);
}

TEST(SplicedAnswer, ComesThroughAFileToASlowClientInOrder) {
  const std::string large = numbered(24'000'000);
  ScriptedPeer peer{respond(200, large)};
  RunningProxy proxy{proxy_to(peer)};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("buffered to a temporary file");
  EXPECT_TRUE(slow.read_answer().body == large);
}

TEST(SplicedAnswer, ThatBreaksOffIsNotCompleted) {
  const std::string half = numbered(500'000);
  ScriptedPeer peer{raw_then_close("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + half)};
  RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const HttpAnswer answer = client.read_answer();
  EXPECT_FALSE(answer.complete);
  EXPECT_TRUE(answer.body == half);
  proxy.wait_for_log("upstream prematurely closed connection while reading upstream");
}

TEST(SplicedAnswer, TakesNothingThatComesBehindIt) {
  const std::string large = numbered(1'000'000);
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + large +
                        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
                    respond(200, "good")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_TRUE(client.get("/").body == large);
  EXPECT_EQ(client.get("/").body, "good");
  EXPECT_EQ(peer.accepted(), 2u);
}

TEST(SplicedAnswer, EndsWhenItsClientGoes) {
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + numbered(200'000)),
                    respond(200, "next")};
  RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  client.close();
  peer.wait_until_all_closed();
  EXPECT_EQ(proxy.get("/").body, "next");
}

TEST(SplicedRequest, ArrivesWholeAndIsFollowedByTheNext) {
  ScriptedPeer peer{respond(200, "one"), respond(200, "two")};
  const RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  const std::string body = numbered(5'000'000);
  EXPECT_EQ(client.request("POST", "/", "", body).body, "one");
  EXPECT_EQ(client.request("POST", "/", "", "short").body, "two");
  ASSERT_EQ(peer.requests().size(), 2u);
  EXPECT_TRUE(peer.requests()[0].body == body);
  EXPECT_EQ(peer.requests()[1].body, "short");
}

TEST(SplicedRequest, LeavesTheRequestBehindItToBeRead) {
  ScriptedPeer peer{respond(200, "one"), respond(200, "two")};
  const RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  const std::string body = numbered(1'000'000);
  std::thread sender([&] {
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + body +
                "GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
  });
  const HttpAnswer first = client.read_answer("POST");
  const HttpAnswer second = client.read_answer();
  sender.join();
  EXPECT_EQ(first.body, "one");
  EXPECT_EQ(second.body, "two");
  ASSERT_EQ(peer.requests().size(), 2u);
  EXPECT_TRUE(peer.requests()[0].body == body);
}

TEST(SplicedRequest, ThatTheClientBreaksOffEndsThePeersConnection) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
    connection.read_head();
    connection.wait_for_close();
  }}};
  RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" +
              numbered(900'000));
  peer.wait_for_requests(1);
  client.close();
  peer.wait_until_all_closed();
  EXPECT_EQ(peer.requests().size(), 1u);
}

}  // namespace
}  // namespace sluice::tests
