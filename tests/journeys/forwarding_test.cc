// SPDX-License-Identifier: MIT
// What a peer is sent, and what the client gets of its answer.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A proxy for one peer, with these lines in its location.
std::string proxy_to(const ScriptedPeer& peer, const std::string& lines = "",
                     const std::string& uri = "") {
  return "server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() + uri +
         "; " + lines + " } }";
}

TEST(Forwarding, SendsTheRequestLineAndNamesThePeerAsHost) {
  ScriptedPeer peer{respond(200, "hello")};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/a/b?c=d&e=%20f");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.line(), "GET /a/b?c=d&e=%20f HTTP/1.1");
  EXPECT_EQ(request.header("host"), peer.address());
}

TEST(Forwarding, SetsTheHeadersOfTheUsersOwnConfiguration) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      proxy_to(peer,
               "proxy_set_header Host $host;"
               "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;")};
  proxy.get("/", "Host: Example.COM:8080\r\nX-Forwarded-For: 10.1.2.3\r\n");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("host"), "example.com");
  EXPECT_EQ(request.header("x-forwarded-for"), "10.1.2.3, 127.0.0.1");
}

TEST(Forwarding, PassesTheClientsHeadersOnButNotThoseOfItsConnection) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer)};
  proxy.get("/",
            "User-Agent: tester\r\nCookie: a=b\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\n"
            "TE: trailers\r\nProxy-Connection: keep-alive\r\nUpgrade: h2c\r\nExpect: nothing\r\n");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("user-agent"), "tester");
  EXPECT_EQ(request.header("cookie"), "a=b");
  for (const char* name : {"keep-alive", "te", "proxy-connection", "upgrade", "connection"}) {
    EXPECT_FALSE(request.header(name)) << name;
  }
}

TEST(Forwarding, LeavesOutAHeaderThatIsSetToNothing) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      proxy_to(peer, "proxy_set_header Accept-Encoding \"\"; proxy_set_header X-None $arg_none;")};
  proxy.get("/", "Accept-Encoding: gzip\r\nX-None: client\r\n");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_FALSE(request.header("accept-encoding"));
  EXPECT_FALSE(request.header("x-none"));
}

TEST(Forwarding, ReplacesTheLocationsPrefixByTheUriOfProxyPass) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location /api/ { proxy_pass http://" +
                           peer.address() + "/v1/; } }"};
  proxy.get("/api/users/../things%20two?x=1");
  EXPECT_EQ(peer.wait_for_requests(1).at(0).target(), "/v1/things%20two?x=1");
}

TEST(Forwarding, SpeaksHttp10ToPeersThatAreSaidToWantIt) {
  ScriptedPeer peer{respond_then_close(200, "old")};
  const RunningProxy proxy{proxy_to(peer, "proxy_http_version 1.0;")};
  EXPECT_EQ(proxy.get("/").body, "old");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.line(), "GET / HTTP/1.0");
  EXPECT_EQ(request.header("connection"), "close");
}

TEST(Forwarding, PassesStatusAndHeadersOfTheAnswerOn) {
  ScriptedPeer peer{respond(418, "short", "X-One: 1\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n")};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.body, "short");
  EXPECT_EQ(answer.header("x-one"), "1");
  EXPECT_EQ(answer.count("set-cookie"), 2u);
  EXPECT_EQ(answer.header("content-length"), "5");
}

TEST(Forwarding, KeepsThePeersNameAndItsConnectionHeadersToItself) {
  ScriptedPeer peer{respond(200, "x",
                            "Server: peer/9\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            "Keep-Alive: timeout=3\r\nX-Accel-Expires: 5\r\n")};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_THAT(answer.header("server"), StartsWith("sluice"));
  EXPECT_THAT(answer.header("date"), Not(HasSubstr("1994")));
  EXPECT_FALSE(answer.has("keep-alive"));
  EXPECT_FALSE(answer.has("x-accel-expires"));
}

TEST(Forwarding, ReachesAPeerByItsUnixSocket) {
  const TempFolder folder;
  ScriptedPeer peer{"unix:" + folder.file("app.sock"), {respond(200, "local")}};
  const RunningProxy proxy{"upstream app { server unix:" + folder.file("app.sock") +
                           "; } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } "
                           "location /direct/ { proxy_pass http://unix:" +
                           folder.file("app.sock") + ":/; } }"};
  EXPECT_EQ(proxy.get("/").body, "local");
  EXPECT_EQ(proxy.get("/direct/x").body, "local");
  EXPECT_EQ(peer.wait_for_requests(2).at(1).target(), "/x");
}

TEST(Forwarding, ReachesAPeerByItsName) {
  ScriptedPeer peer{respond(200, "named")};
  const std::string port = peer.address().substr(peer.address().rfind(':'));
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://localhost" +
                           port + "; } }"};
  EXPECT_EQ(proxy.get("/").body, "named");
  EXPECT_EQ(peer.wait_for_requests(1).at(0).header("host"), "localhost" + port);
}

TEST(Forwarding, SkipsInterimAnswers) {
  ScriptedPeer peer{
      raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")};
  const RunningProxy proxy{proxy_to(peer)};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "ok");
}

}  // namespace
}  // namespace sluice::tests
