// SPDX-License-Identifier: MIT
// Bodies in both directions, whatever frames them.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines = "") {
  return "server { listen 127.0.0.1:0; client_max_body_size 0; location / { proxy_pass http://" +
         peer.address() + "; " + lines + " } }";
}

TEST(AnswerBody, KeepsItsLength) {
  ScriptedPeer peer{respond(200, std::string(100'000, 'x'))};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.header("content-length"), "100000");
  EXPECT_FALSE(answer.has("transfer-encoding"));
  EXPECT_EQ(answer.body, std::string(100'000, 'x'));
}

TEST(AnswerBody, StaysChunked) {
  ScriptedPeer peer{
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "5\r\nhello\r\n1;name=value\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.get("/");
    EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
    EXPECT_EQ(answer.body, "hello world");
    EXPECT_TRUE(answer.complete);
  }
  EXPECT_EQ(peer.accepted(), 1u);  // the connection to the peer was kept
}

TEST(AnswerBody, EndsWithTheConnectionForAnHttp10ClientOfAChunkedAnswer) {
  ScriptedPeer peer{
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "5\r\nhello\r\n0\r\n\r\n")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string all = client.read_until_close();
  EXPECT_TRUE(all.ends_with("\r\n\r\nhello")) << all;
  EXPECT_EQ(all.find("chunked"), std::string::npos);
}

TEST(AnswerBody, ThatEndsWithThePeersConnectionIsChunkedForTheClient) {
  ScriptedPeer peer{raw_then_close("HTTP/1.1 200 OK\r\n\r\nuntil the end")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.get("/");
    EXPECT_EQ(answer.body, "until the end");
    EXPECT_TRUE(answer.complete);
  }
}

TEST(AnswerBody, OfAHeadRequestIsOnlyAnnounced) {
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.request("HEAD", "/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "1234");
    EXPECT_EQ(answer.body, "");
  }
}

TEST(AnswerBody, IsNotThereFor204And304) {
  ScriptedPeer peer{raw("HTTP/1.1 204 No Content\r\n\r\n"),
                    raw("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"), respond(200, "next")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").status, 204);
  const HttpAnswer unchanged = client.get("/");
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.header("etag"), "\"a\"");
  EXPECT_EQ(client.get("/").body, "next");
}

TEST(AnswerBody, ThatBreaksOffIsNotCompletedForTheClient) {
  ScriptedPeer peer{raw_then_close("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
                    raw_then_close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "4\r\nhalf\r\n")};
  RunningProxy proxy{proxy_to(peer)};
  for (int i = 0; i < 2; ++i) {
    HttpClient client = proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string all = client.read_until_close();
    EXPECT_NE(all.find("half"), std::string::npos) << all;
    EXPECT_FALSE(all.ends_with("0\r\n\r\n"));
  }
  proxy.wait_for_log("upstream prematurely closed connection while reading upstream");
}

TEST(RequestBody, KeepsItsLength) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(peer.requests().back().header("content-length"), "0");
  for (const std::size_t size : {1u, 5'000u, 16'384u, 16'385u, 300'000u}) {
    EXPECT_EQ(client.request("POST", "/", "", std::string(size, 'b')).status, 200);
    const PeerRequest request = peer.requests().back();
    EXPECT_EQ(request.header("content-length"), std::to_string(size));
    EXPECT_EQ(request.body.size(), size);
  }
}

TEST(RequestBody, ThatIsChunkedAndSmallGetsALength) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("content-length"), "11");
  EXPECT_FALSE(request.header("transfer-encoding"));
  EXPECT_EQ(request.body, "hello world");
}

TEST(RequestBody, ThatIsChunkedAndStreamedStaysChunked) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string whole;
  for (int i = 0; i < 20; ++i) {
    const std::string piece(5'000, static_cast<char>('a' + i));
    whole += piece;
    client.send("1388\r\n" + piece + "\r\n");
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("transfer-encoding"), "chunked");
  EXPECT_FALSE(request.header("content-length"));
  EXPECT_EQ(request.body, whole);
}

TEST(RequestBody, IsFollowedByTheNextRequestOfTheSameConnection) {
  ScriptedPeer peer{respond(200, "first"), respond(200, "second"), respond(200, "third")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().body, "second");
  EXPECT_EQ(client.read_answer().body, "third");
  const auto requests = peer.wait_for_requests(3);
  EXPECT_EQ(requests.at(0).body, "abc");
  EXPECT_EQ(requests.at(1).body, "def");
  EXPECT_EQ(requests.at(2).target(), "/3");
}

TEST(RequestBody, IsAskedForWhenTheClientWaitsForAContinue) {
  ScriptedPeer peer{respond(200, "thanks")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("hello");
  EXPECT_EQ(client.read_answer().body, "thanks");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.body, "hello");
  EXPECT_FALSE(request.header("expect"));
}

TEST(RequestBody, MayBeAnsweredBeforeItHasEnded) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
    connection.read_head();
    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    connection.wait_for_close();
  }}};
  const RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" +
              std::string(100'000, 'x'));
  const HttpAnswer answer = client.read_answer("POST");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, "no");
}

TEST(RequestBody, ThatHasComeWholeDoesNotEndTheConnectionOfAnEarlyAnswer) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
                      connection.read_head();
                      connection.send(
                          "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n"
                          "Connection: close\r\n\r\nno");
                      connection.wait_for_close();
                    }},
                    respond(200, "next")};
  const RunningProxy proxy{proxy_to(peer, "client_max_body_size 0;")};
  HttpClient client = proxy.client();
  const HttpAnswer answer = client.request("POST", "/", "", std::string(20'000'000, 'x'));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, "no");
  EXPECT_EQ(answer.header("connection"), "keep-alive");
  EXPECT_EQ(client.get("/").body, "next");
}

TEST(RequestBody, GoesOnWhileItsAnswerIsAlreadyComing) {
  const RunningBackend backend;
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; client_max_body_size 0; location / { "
      "proxy_request_buffering off; proxy_pass http://" +
      backend.address() + "; } }"};
  HttpClient client = proxy.client();
  const std::string body(8'000'000, 'e');
  std::thread sender([&] {
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n" + body);
  });
  const HttpAnswer answer = client.read_answer("POST");
  sender.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), body.size());
  EXPECT_TRUE(answer.body == body);
}

TEST(RequestBody, ThatTheClientBreaksOffNeverLooksWholeToThePeer) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
    connection.read_head();
    connection.wait_for_close();
  }}};
  const RunningProxy proxy{proxy_to(peer, "proxy_request_buffering off;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" +
              std::string(100'000, 'x'));
  peer.wait_for_requests(1);
  client.close();
  peer.wait_until_all_closed();
  EXPECT_EQ(peer.requests().size(), 1u);
}

TEST(AnswersBody, EndsWithTheConnectionWhereChunksAreTurnedOff) {
  ScriptedPeer peer{
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "5\r\nhello\r\n0\r\n\r\n")};
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; chunked_transfer_encoding off; location / { proxy_pass "
      "http://" +
      peer.address() + "; } }"};
  HttpClient client = proxy.client();
  const HttpAnswer answer = client.get("/");
  EXPECT_FALSE(answer.has("transfer-encoding"));
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(answer.body, "hello");
}

}  // namespace
}  // namespace sluice::tests
