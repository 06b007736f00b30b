// SPDX-License-Identifier: MIT
// Connections that carry more than one request, on both sides.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const ScriptedPeer& peer, const std::string& server = "",
                     const std::string& upstream = "") {
  return "upstream group { server " + peer.address() + "; " + upstream +
         " } server { listen 127.0.0.1:0; " + server + " location / { proxy_pass http://group; } }";
}

TEST(KeepAlive, IsTheRuleOnBothSides) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  for (int i = 0; i < 10; ++i) {
    const HttpAnswer answer = client.get("/");
    EXPECT_EQ(answer.body, "ok");
    EXPECT_EQ(answer.header("connection"), "keep-alive");
  }
  EXPECT_EQ(peer.accepted(), 1u);
}

TEST(KeepAlive, AnswersRequestsSentAheadInTheirOrder) {
  ScriptedPeer peer{respond(200, "one"), respond(200, "two"), respond(200, "three")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "one");
  EXPECT_EQ(client.read_answer().body, "two");
  EXPECT_EQ(client.read_answer().body, "three");
}

TEST(KeepAlive, EndsWhenTheClientSaysSo) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  const HttpAnswer answer = client.get("/", "Connection: close\r\n");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, IsNotAssumedOfHttp10ButGivenWhenAskedFor) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient plain = proxy.client();
  plain.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(plain.read_answer().header("connection"), "close");
  EXPECT_TRUE(plain.is_closed());
  HttpClient asking = proxy.client();
  for (int i = 0; i < 2; ++i) {
    asking.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(asking.read_answer().header("connection"), "keep-alive");
  }
}

TEST(KeepAlive, EndsAfterTheConfiguredRequests) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_requests 2;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").header("connection"), "keep-alive");
  EXPECT_EQ(client.get("/").header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, EndsAfterTheConfiguredIdleTime) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_timeout 200ms 7s;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").header("keep-alive"), "timeout=7");
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, EndsWhenTheConnectionIsTooOld) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_time 200ms;")};
  HttpClient client = proxy.client();
  const Deadline deadline;
  std::string connection;
  do {
    connection = client.get("/").header("connection");
  } while (connection == "keep-alive" && !deadline.passed());
  EXPECT_EQ(connection, "close");
  EXPECT_TRUE(client.is_closed());
}

constexpr std::string_view kOldExplorer =
    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)\r\n";
constexpr std::string_view kMendedExplorer =
    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)\r\n";
constexpr std::string_view kSafari =
    "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/13.1 Safari/605.1.15\r\n";
constexpr std::string_view kChrome =
    "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/120.0 Safari/537.36\r\n";

std::string after(const RunningProxy& proxy, std::string_view method, std::string_view agent) {
  return proxy.client()
      .request(method, "/", agent, method == "POST" ? "body" : "")
      .header("connection");
}

TEST(KeepAlive, IsNotForOldExplorersAfterAPost) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(after(proxy, "POST", kOldExplorer), "close");
  EXPECT_EQ(after(proxy, "GET", kOldExplorer), "keep-alive");
  EXPECT_EQ(after(proxy, "POST", kMendedExplorer), "keep-alive");
  EXPECT_EQ(after(proxy, "POST", kSafari), "keep-alive");
}

TEST(KeepAlive, CanBeDisabledForSafari) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_disable safari;")};
  EXPECT_EQ(after(proxy, "GET", kSafari), "close");
  EXPECT_EQ(after(proxy, "GET", kChrome), "keep-alive");
  EXPECT_EQ(after(proxy, "POST", kOldExplorer), "keep-alive");
}

TEST(KeepAlive, CanBeGivenToEveryBrowser) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_disable none;")};
  EXPECT_EQ(after(proxy, "POST", kOldExplorer), "keep-alive");
}

// A client that has said all it has to say gets what is answered here; for what a peer would have
// to answer it counts as gone, as in nginx.
TEST(HalfClosedClient, GetsTheAnswersThatAreMadeHere) {
  const RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 own; }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.shutdown_write();
  EXPECT_EQ(client.read_answer().body, "own");
  EXPECT_EQ(client.read_answer().body, "own");
  EXPECT_TRUE(client.is_closed());
}

TEST(HalfClosedClient, IsTakenForGoneWhileAPeerIsAsked) {
  ScriptedPeer peer{hang()};
  const TempFolder folder;
  const RunningProxy proxy{"log_format s $status; access_log " + folder.file("log") + " s; " +
                           proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  client.shutdown_write();
  EXPECT_TRUE(client.is_closed());
  peer.wait_until_all_closed();
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1), "499\n");
}

TEST(KeepAlive, CanBeTurnedOffForClients) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "keepalive_timeout 0;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(KeepAlive, CanBeTurnedOffForPeers) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "", "keepalive 0;")};
  HttpClient client = proxy.client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.get("/").body, "ok");
  }
  EXPECT_EQ(peer.accepted(), 3u);
}

// Two locations ask one upstream in turn.
std::size_t connections_of_two_locations(const std::string& keepalive) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{
      "upstream u { server " + peer.address() + "; " + keepalive +
          " } server { listen 127.0.0.1:0; location /a { proxy_pass http://u; } "
          "location /b { proxy_pass http://u; } }",
      {.main = "worker_processes 1;"}};
  HttpClient client = proxy.client();
  for (const char* path : {"/a", "/b", "/a", "/b"}) {
    EXPECT_EQ(client.get(path).body, "ok");
  }
  return peer.accepted();
}

TEST(KeepAlive, IsSharedByLocationsUnlessItIsLocal) {
  EXPECT_EQ(connections_of_two_locations("keepalive 4;"), 1u);
  EXPECT_EQ(connections_of_two_locations("keepalive 4 local;"), 2u);
}

// For what the upstream's keepalive lines make of four requests.
std::size_t connections_to_peer(const std::string& lines) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "", lines)};
  HttpClient client = proxy.client();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(client.get("/").body, "ok");
  }
  return peer.accepted();
}

TEST(KeepAlive, EndsForPeersAfterSoManyRequests) {
  EXPECT_EQ(connections_to_peer("keepalive 4;"), 1u);
  EXPECT_EQ(connections_to_peer("keepalive 4; keepalive_requests 2;"), 2u);
  EXPECT_EQ(connections_to_peer("keepalive 4; keepalive_time 0;"), 4u);
}

TEST(KeepAlive, EndsForPeersWhenAConnectionIsIdle) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer, "", "keepalive_timeout 50ms;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "ok");
  peer.wait_until_all_closed();
  EXPECT_EQ(client.get("/").body, "ok");
  EXPECT_EQ(peer.accepted(), 2u);
}

TEST(KeepAlive, IsNotGivenToAPeerThatSentMoreThanItsAnswer) {
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"
                        "Content-Length: 4\r\n\r\nevil"),
                    respond(200, "good")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "ok");
  EXPECT_EQ(client.get("/").body, "good");
  EXPECT_EQ(peer.accepted(), 2u);
}

TEST(KeepAlive, ClosesThePeersConnectionWhenItsClientGoes) {
  ScriptedPeer peer{hang()};
  RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  client.close();
  peer.wait_until_all_closed();
  EXPECT_EQ(peer.open(), 0u);
}

}  // namespace
}  // namespace sluice::tests
