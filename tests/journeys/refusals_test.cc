// SPDX-License-Identifier: MIT
// What is refused, with which status, and what becomes of the connection.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines = "") {
  return "server { listen 127.0.0.1:0; " + lines + " location / { proxy_pass http://" +
         peer.address() + "; } location = /plain { } }";
}

HttpAnswer answer_to(const RunningProxy& proxy, const std::string& bytes) {
  HttpClient client = proxy.client();
  client.send(bytes);
  return client.read_answer();
}

TEST(Refusal, Is400ForWhatIsNotHttp) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  for (const char* bytes : {
           "nonsense\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",  // no Host
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
           "GET / HTTP/1.1\nHost: a\n\n",
           "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET /../.. HTTP/1.1\r\nHost: a\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
           "0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       }) {
    HttpClient client = proxy.client();
    client.send(bytes);
    const HttpAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 400) << bytes;
    EXPECT_EQ(answer.header("connection"), "close") << bytes;
    client.shutdown_write();
    EXPECT_TRUE(client.is_closed()) << bytes;
  }
  EXPECT_EQ(peer.requests().size(), 0u);
}

TEST(Refusal, Is505ForAnotherHttp) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(answer_to(proxy, "GET / HTTP/2.0\r\nHost: a\r\n\r\n").status, 505);
}

TEST(Refusal, Is501ForAnUnknownTransferCoding) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(
      answer_to(proxy, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n").status,
      501);
}

TEST(Refusal, Is413ForABodyThatIsAnnouncedTooLarge) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer, "client_max_body_size 100;")};
  const HttpAnswer answer =
      answer_to(proxy, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(peer.requests().size(), 0u);
  proxy.wait_for_log("client intended to send too large body");
}

TEST(Refusal, Is413ForAChunkedBodyThatGrowsTooLarge) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "client_max_body_size 10;")};
  const HttpAnswer answer =
      answer_to(proxy,
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                "8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(peer.requests().size(), 0u);
}

TEST(Refusal, LeavesABodyOfTheRightSizeAlone) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "client_max_body_size 10;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/", "", "1234567890").status, 200);
}

TEST(Refusal, Is414ForALongRequestLine) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(
      answer_to(proxy, "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").status,
      414);
  EXPECT_EQ(
      answer_to(proxy, "GET /" + std::string(7'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").status,
      200);
}

TEST(Refusal, Is400ForTooManyHeaders) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 10; ++i) {
    head += "X-" + std::to_string(i) + ": " + std::string(4'000, 'x') + "\r\n";
  }
  EXPECT_EQ(answer_to(proxy, head + "\r\n").status, 400);
}

TEST(Refusal, Is400ForMoreHeaderLinesThanMaxHeaders) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer, "max_headers 3; error_log stderr info;")};
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n";
  EXPECT_EQ(answer_to(proxy, head + "\r\n").status, 200);
  const HttpAnswer answer = answer_to(proxy, head + "C: 3\r\n\r\n");
  EXPECT_EQ(answer.status_line, "HTTP/1.1 400 Bad Request");
  EXPECT_NE(answer.body.find("Request Header Or Cookie Too Large"), std::string::npos);
  EXPECT_EQ(answer.header("connection"), "close");
  proxy.wait_for_log("client sent too many header lines");
}

TEST(Refusal, SaysWhichPartOfAHeadIsTooLarge) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      proxy_to(peer, "client_header_buffer_size 512; large_client_header_buffers 2 1k;")};
  const std::string first = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string long_line = "X: " + std::string(1100, 'x') + "\r\n";
  const std::string lines = "X: " + std::string(800, 'x') + "\r\n";
  EXPECT_EQ(answer_to(proxy, "GET /" + std::string(1100, 'a') + " HTTP/1.1\r\n").status, 414);
  for (const std::string& head : {first + long_line, first + lines + lines + lines}) {
    const HttpAnswer answer = answer_to(proxy, head + "\r\n");
    EXPECT_EQ(answer.status_line, "HTTP/1.1 400 Bad Request");
    EXPECT_NE(answer.body.find("Request Header Or Cookie Too Large"), std::string::npos);
  }
  EXPECT_EQ(answer_to(proxy, first + lines + lines + "\r\n").status, 200);
}

TEST(Refusal, AcceptsAHeadThatNeedsTheLargeBuffers) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  std::string headers;
  for (int i = 0; i < 4; ++i) {  // two do not fit into one of the four buffers
    headers += "X-" + std::to_string(i) + ": " + std::string(5'000, 'x') + "\r\n";
  }
  EXPECT_EQ(proxy.get("/", headers).status, 200);
  EXPECT_EQ(peer.requests().at(0).header("x-3")->size(), 5'000u);
}

TEST(Refusal, Is408ForAHeadThatNeverEnds) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "client_header_timeout 200ms;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost:");
  const std::string all = client.read_until_close();
  EXPECT_TRUE(all.empty() || all.starts_with("HTTP/1.1 408")) << all;
}

TEST(Refusal, Is404WhereNothingIsConfigured) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/plain");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("content-type"), "text/html");
  EXPECT_NE(answer.body.find("<h1>404 Not Found</h1>"), std::string::npos);
}

TEST(Refusal, Is502WhenThePeerCannotBeReached) {
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                           closed_port() + "; } }"};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.status, 502);
  EXPECT_NE(answer.body.find("502 Bad Gateway"), std::string::npos);
}

TEST(Refusal, Is502ForAnAnswerThatIsNotHttp) {
  for (const char* bytes :
       {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n"}) {
    ScriptedPeer peer{raw_then_close(bytes)};
    const RunningProxy proxy{proxy_to(peer)};
    EXPECT_EQ(proxy.get("/").status, 502) << bytes;
  }
}

TEST(Refusal, Is502ForAnAnswersHeadThatIsTooLarge) {
  ScriptedPeer peer{
      raw_then_close("HTTP/1.1 200 OK\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n")};
  RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(proxy.get("/").status, 502);
  proxy.wait_for_log("upstream sent too big header");
}

TEST(Refusal, Is504WhenThePeerDoesNotAnswerInTime) {
  ScriptedPeer peer{hang()};
  const RunningProxy proxy{proxy_to(peer, "proxy_read_timeout 100ms;")};
  EXPECT_EQ(proxy.get("/").status, 504);
}

TEST(Refusal, LeavesTheConnectionUsableWhereItsFramingIsSure) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/plain").status, 404);
  EXPECT_EQ(client.request("POST", "/plain", "", "body").status, 404);
  EXPECT_EQ(client.get("/").body, "ok");
}

}  // namespace
}  // namespace sluice::tests
