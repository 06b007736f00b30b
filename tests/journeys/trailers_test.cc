// SPDX-License-Identifier: MIT
// Trailers of a peer's answer: `proxy_pass_trailers`.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kTakes = "TE: trailers\r\n";

std::string chunked(const std::string& trailers, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + headers + "\r\n2\r\nok\r\n0\r\n" +
         trailers + "\r\n";
}

std::string server(const ScriptedPeer& peer, const std::string& lines) {
  return "server { listen 127.0.0.1:0; " + lines + " location / { proxy_pass http://" +
         peer.address() + "; } }";
}

HttpAnswer passed_on(const std::string& bytes, const std::string& lines,
                     const std::string& headers) {
  ScriptedPeer peer{raw(bytes)};
  const RunningProxy proxy{server(peer, lines)};
  HttpClient client = proxy.client();
  HttpAnswer answer = client.get("/", headers);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(client.get("/", headers).body, "ok");  // both connections can go on
  EXPECT_EQ(peer.accepted(), 1U);
  return answer;
}

TEST(Trailers, ReachAClientThatTakesThem) {
  const HttpAnswer answer = passed_on(chunked("X-Sum: 12\r\nX-Two:3  \r\n", "Trailer: X-Sum\r\n"),
                                      "proxy_pass_trailers on;", kTakes);
  EXPECT_THAT(answer.trailers, ElementsAre(Pair("X-Sum", "12"), Pair("X-Two", "3")));
  EXPECT_EQ(answer.header("Trailer"), "X-Sum");
}

TEST(Trailers, AreDroppedByDefault) {
  const HttpAnswer answer = passed_on(chunked("X-Sum: 12\r\n", "Trailer: X-Sum\r\n"), "", kTakes);
  EXPECT_THAT(answer.trailers, IsEmpty());
  EXPECT_FALSE(answer.has("Trailer"));
}

TEST(Trailers, AreDroppedWhereTheClientDidNotAsk) {
  for (const char* headers : {"", "TE: gzip\r\n", "TE: trailers-too\r\n", "X-TE: trailers\r\n"}) {
    const HttpAnswer answer = passed_on(chunked("X-Sum: 12\r\n", "Trailer: X-Sum\r\n"),
                                        "proxy_pass_trailers on;", headers);
    EXPECT_THAT(answer.trailers, IsEmpty()) << headers;
    EXPECT_FALSE(answer.has("Trailer")) << headers;
  }
  EXPECT_THAT(
      passed_on(chunked("A: b\r\n"), "proxy_pass_trailers on;", "TE: gzip;q=0.5 , Trailers\r\n")
          .trailers,
      ElementsAre(Pair("A", "b")));
}

TEST(Trailers, AreNotForOldClients) {
  ScriptedPeer peer{raw(chunked("X-Sum: 12\r\n"))};
  const RunningProxy proxy{server(peer, "proxy_pass_trailers on;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.0\r\nTE: trailers\r\n\r\n");
  const std::string all = client.read_until_close();
  EXPECT_TRUE(all.ends_with("\r\n\r\nok")) << all;
}

TEST(Trailers, AreNoWayToSayWhatHeadersSay) {
  const HttpAnswer answer = passed_on(
      chunked("Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: a\r\nTrailer: b\r\n"
              "Content-Type: a/b\r\nSet-Cookie: a=b\r\nCache-Control: no-store\r\nAge: 1\r\n"
              "Connection: close\r\nLocation: /\r\nContent_Length: 5\r\nX-Accel-Redirect: /\r\n"
              "X-Hidden: 1\r\nETag: \"x\"\r\nServer-Timing: db\r\n"),
      "proxy_pass_trailers on; proxy_hide_header X-Hidden;", kTakes);
  EXPECT_THAT(answer.trailers, ElementsAre(Pair("ETag", "\"x\""), Pair("Server-Timing", "db")));
}

TEST(Trailers, ThatAreTooManyEndTheAnswer) {
  ScriptedPeer peer{raw(chunked("X: " + std::string(9000, 'x') + "\r\n"))};
  const RunningProxy proxy{server(peer, "proxy_pass_trailers on;")};
  EXPECT_FALSE(proxy.get("/", kTakes).complete);
}

TEST(Trailers, FollowABodyThatWaitedInASpool) {
  const std::string body(16 * 1024 * 1024, 'x');
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000\r\n" + body +
                        "\r\n0\r\nX-Sum: 12\r\n\r\n")};
  RunningProxy proxy{server(peer, "proxy_pass_trailers on; proxy_buffers 2 4k;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");
  proxy.wait_for_log("buffered to a temporary file");
  const HttpAnswer answer = client.read_answer();
  EXPECT_EQ(answer.body.size(), body.size());
  EXPECT_THAT(answer.trailers, ElementsAre(Pair("X-Sum", "12")));
}

TEST(Trailers, AreAskedForByTheConfiguration) {
  ScriptedPeer peer{raw(chunked("X-Sum: 12\r\n"))};
  const RunningProxy proxy{server(peer,
                                  "proxy_pass_trailers on; proxy_set_header TE trailers; "
                                  "proxy_set_header Connection te;")};
  EXPECT_THAT(proxy.get("/", kTakes).trailers, ElementsAre(Pair("X-Sum", "12")));
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("TE"), "trailers");
  EXPECT_EQ(request.header("Connection"), "te");
}

}  // namespace
}  // namespace sluice::tests
