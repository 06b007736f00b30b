// SPDX-License-Identifier: MIT
// The head of a request on its way to a peer: what proxy_* directives change in it.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines) {
  return "server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() + "; " +
         lines + " } }";
}

// What the peer gets when a client sends this.
PeerRequest sent_to_peer(const std::string& lines, const std::string& headers,
                         const std::string& method = "GET", const std::string& body = "") {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, lines)};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request(method, "/x", headers, body).status, 200);
  const auto requests = peer.wait_for_requests(1);
  return requests.empty() ? PeerRequest{} : requests[0];
}

constexpr const char* kUpgrade =
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

TEST(PeerHead, HasTheMethodOfTheConfiguration) {
  EXPECT_EQ(sent_to_peer("proxy_method PUT;", "").line(), "PUT /x HTTP/1.1");
  EXPECT_EQ(sent_to_peer("proxy_method $http_x_method;", "X-Method: PATCH\r\n").line(),
            "PATCH /x HTTP/1.1");
}

TEST(PeerHead, KeepsTheClientsMethodWhereTheConfiguredOneIsNoWord) {
  EXPECT_EQ(sent_to_peer("proxy_method $http_x_method;", "").line(), "GET /x HTTP/1.1");
  EXPECT_EQ(sent_to_peer("proxy_method $http_x_method;", "X-Method: G E T\r\n").line(),
            "GET /x HTTP/1.1");
}

TEST(PeerHead, AsksForNoBodyWhenTheMethodBecomesHead) {
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")};
  const RunningProxy proxy{proxy_to(peer, "proxy_method HEAD;")};
  HttpClient client = proxy.client();
  const HttpAnswer answer = client.get("/");
  EXPECT_EQ(answer.header("content-length"), "0");
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(client.get("/").status, 200);
}

TEST(PeerHead, KeepsABodyFromAClientThatAskedForTheHeadOnly) {
  ScriptedPeer peer{respond(200, "hello")};
  const RunningProxy proxy{proxy_to(peer, "proxy_method GET;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("HEAD", "/").header("content-length"), "5");
  EXPECT_EQ(client.get("/").body, "hello");
  EXPECT_EQ(peer.wait_for_requests(2)[1].connection, 1U) << "unread bytes were in the first one";
}

TEST(PeerHead, GoesWithTheBodyOfTheConfiguration) {
  const PeerRequest request =
      sent_to_peer("proxy_set_body \"uri=$request_uri\";", "Content-Type: a/b\r\n", "POST", "gone");
  EXPECT_EQ(request.body, "uri=/x");
  EXPECT_EQ(request.header("content-length"), "6");
  EXPECT_EQ(request.header("content-type"), "a/b");
}

TEST(PeerHead, GoesWithoutABodyThatIsNotToBePassed) {
  const PeerRequest request = sent_to_peer(
      "proxy_pass_request_body off; proxy_set_header Content-Length \"\";", "", "POST", "secret");
  EXPECT_EQ(request.body, "");
  EXPECT_THAT(request.head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(request.line(), "POST /x HTTP/1.1");
}

TEST(PeerHead, SaysNoLengthOfABodyThatIsNotPassedEvenIfNobodyTookItAway) {
  EXPECT_FALSE(
      sent_to_peer("proxy_pass_request_body off;", "", "POST", "secret").header("content-length"));
}

TEST(PeerHead, KeepsTheBodyInItsFrameWhateverTheConfigurationSays) {
  const PeerRequest request =
      sent_to_peer("proxy_set_header Content-Length 1; proxy_set_header Transfer-Encoding chunked;",
                   "", "POST", "four");
  EXPECT_EQ(request.body, "four");
  EXPECT_EQ(request.header("content-length"), "4");
  EXPECT_FALSE(request.header("transfer-encoding"));
}

TEST(PeerHead, CanDoWithoutTheClientsHeaders) {
  const PeerRequest request =
      sent_to_peer("proxy_pass_request_headers off; proxy_set_header X-Own 1;",
                   "Cookie: a=b\r\nX-Client: 1\r\n", "POST", "body");
  EXPECT_FALSE(request.header("cookie"));
  EXPECT_FALSE(request.header("x-client"));
  EXPECT_EQ(request.header("x-own"), "1");
  EXPECT_EQ(request.body, "body");
}

TEST(PeerHead, AsksForAnUpgradeWithTheUsualLines) {
  const PeerRequest request = sent_to_peer(
      "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";", kUpgrade);
  EXPECT_EQ(request.header("upgrade"), "websocket");
  EXPECT_EQ(request.header("connection"), "upgrade");
  EXPECT_EQ(request.header("sec-websocket-version"), "13");
}

TEST(PeerHead, AsksForAnUpgradeWithoutAnyLine) {
  const PeerRequest request = sent_to_peer("", kUpgrade);
  EXPECT_EQ(request.header("upgrade"), "websocket");
  EXPECT_EQ(request.header("connection"), "upgrade");
}

TEST(PeerHead, AsksForNoUpgradeWhereTheConfigurationSaysOtherwise) {
  for (const char* lines : {"proxy_set_header Connection \"\";", "proxy_set_header Upgrade \"\";",
                            "proxy_http_version 1.0;"}) {
    const PeerRequest request = sent_to_peer(lines, kUpgrade);
    EXPECT_FALSE(request.header("upgrade")) << lines;
    EXPECT_THAT(request.header("connection").value_or(""), Not(HasSubstr("pgrade"))) << lines;
  }
}

TEST(PeerHead, NeverAsksForHttp2ByItself) {
  for (const char* protocols : {"h2c", "websocket, H2C"}) {
    const PeerRequest request =
        sent_to_peer("",
                     "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n"
                     "Upgrade: " +
                         std::string(protocols) + "\r\n");
    EXPECT_FALSE(request.header("upgrade")) << protocols;
    EXPECT_FALSE(request.header("connection")) << protocols;
    EXPECT_FALSE(request.header("http2-settings")) << protocols;
  }
}

TEST(PeerHead, TellsThePeerOfTrailersWhenConfigured) {
  const PeerRequest request =
      sent_to_peer("proxy_set_header TE trailers; proxy_set_header Connection te;", "TE: gzip\r\n");
  EXPECT_EQ(request.header("te"), "trailers");
  EXPECT_EQ(request.header("connection"), "te");
}

TEST(PeerHead, HoldsNoLineThatAClientMadeUp) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "proxy_set_header X-Path $uri;")};
  proxy.get("/a%0d%0aX-Evil:%201");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_FALSE(request.header("x-evil"));
  EXPECT_EQ(request.header("x-path"), "/a  X-Evil: 1");
}

TEST(PeerHead, ComesFromTheConfiguredAddress) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    if (connection.read_request()) {
      connection.send("HTTP/1.1 204 No Content\r\nX-From: " + connection.remote() + "\r\n\r\n");
    }
  }};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                           peer.address() +
                           "; proxy_bind 127.0.0.9; proxy_socket_keepalive on; }"
                           "location /arg { proxy_pass http://" +
                           peer.address() + "; proxy_bind $arg_from; } }"};
  EXPECT_EQ(proxy.get("/").header("x-from"), "127.0.0.9");
  EXPECT_EQ(proxy.get("/arg?from=127.0.0.11").header("x-from"), "127.0.0.11");
  EXPECT_EQ(proxy.get("/arg?from=127.0.0.12").header("x-from"), "127.0.0.12");
  EXPECT_EQ(proxy.get("/arg").header("x-from"), "127.0.0.1");
}

// A kept connection of another location comes from another address.
TEST(PeerHead, ComesFromItsOwnLocationsAddressAlone) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    while (connection.read_request()) {
      connection.send("HTTP/1.1 204 No Content\r\nX-From: " + connection.remote() + "\r\n\r\n");
    }
  }};
  const std::string pass = " proxy_pass http://group; }";
  const RunningProxy proxy{"upstream group { server " + peer.address() +
                               "; } server { listen 127.0.0.1:0; location / {" + pass +
                               "location /two { proxy_bind 127.0.0.2;" + pass +
                               "location /three { proxy_bind 127.0.0.3;" + pass + "}",
                           {.main = "worker_processes 1;"}};
  EXPECT_EQ(proxy.get("/two").header("x-from"), "127.0.0.2");
  EXPECT_EQ(proxy.get("/").header("x-from"), "127.0.0.1");
  EXPECT_EQ(proxy.get("/three").header("x-from"), "127.0.0.3");
  EXPECT_EQ(proxy.get("/two").header("x-from"), "127.0.0.2");
  EXPECT_EQ(proxy.get("/").header("x-from"), "127.0.0.1");
  EXPECT_EQ(peer.accepted(), 3u);  // and each keeps its own
}

TEST(PeerHead, SaysWhichAddressItCannotComeFrom) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer, "proxy_bind 192.0.2.1;")};
  EXPECT_EQ(proxy.get("/").status, 500);
  EXPECT_TRUE(
      proxy.wait_for_log("bind() failed (99: Cannot assign requested address) while "
                         "connecting to upstream (proxy_bind 192.0.2.1"));
}

TEST(PeerHead, ComesFromAnywhereWhereTheConfiguredAddressIsNone) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer, "proxy_bind $arg_from;")};
  EXPECT_EQ(proxy.get("/?from=nowhere").status, 200);
  EXPECT_TRUE(proxy.wait_for_log("invalid local address \"nowhere\""));
}

}  // namespace
}  // namespace sluice::tests
