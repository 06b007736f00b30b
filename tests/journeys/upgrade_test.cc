// SPDX-License-Identifier: MIT
// 101 Switching Protocols: the connection becomes a tunnel, and only if both sides wanted it.
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

constexpr std::string_view kUpgrade =
    "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: demo\r\n\r\n";
const std::string kSwitch =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: demo\r\nX-Own: 1\r\n\r\n";

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines = "") {
  return "log_format tunnel '$status $bytes_sent $upstream_status'; "
         "server { listen 127.0.0.1:0; access_log access.log tunnel; "
         "location / { proxy_pass http://" +
         peer.address() + "; " + lines + " } }";
}

// Answers with 101, then sends back what it gets until the other side ends.
Step echo_tunnel(const std::string& at_once = "") {
  return Step{[at_once](PeerConnection& connection) {
    connection.read_request();
    connection.send(kSwitch + at_once);
    for (std::string bytes; !(bytes = connection.read_bytes()).empty();) {
      if (bytes == "bye") {
        connection.close();
        return;
      }
      connection.send("<" + bytes + ">");
    }
  }};
}

TEST(Upgrade, TurnsTheConnectionIntoATunnel) {
  ScriptedPeer peer{echo_tunnel("hello ")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(kUpgrade);
  const HttpAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.header("upgrade"), "demo");
  EXPECT_EQ(answer.header("connection"), "upgrade");
  EXPECT_EQ(answer.header("x-own"), "1");
  client.send("bye");
  EXPECT_EQ(client.read_until_close(), "hello ");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("upgrade"), "demo");
  EXPECT_EQ(request.header("connection"), "upgrade");
}

TEST(Upgrade, PassesOnWhatTheClientSentAhead) {
  ScriptedPeer peer{echo_tunnel()};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(std::string(kUpgrade) + "bye");
  EXPECT_EQ(client.read_answer().status, 101);
  EXPECT_EQ(client.read_until_close(), "");
}

TEST(Upgrade, ThatThePeerDeclinesIsAnOrdinaryAnswer) {
  ScriptedPeer peer{respond(200, "no thanks"), respond(200, "next")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(std::string(kUpgrade) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "no thanks");
  EXPECT_EQ(client.read_answer().body, "next");
  EXPECT_EQ(peer.wait_for_requests(2).at(1).target(), "/next");
}

TEST(Upgrade, ThatNobodyAskedForIsAnInvalidAnswer) {
  ScriptedPeer peer{raw(kSwitch)};
  RunningProxy proxy{proxy_to(peer)};
  EXPECT_EQ(proxy.get("/").status, 502);
}

TEST(Upgrade, ToHttp2IsNeverPassedOn) {
  ScriptedPeer peer{respond(200, "as before")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
      "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "as before");
  const PeerRequest request = peer.wait_for_requests(1).at(0);
  EXPECT_FALSE(request.header("upgrade"));
  EXPECT_FALSE(request.header("http2-settings"));
}

TEST(Upgrade, IsNotPassedOnAgainstTheConfiguration) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "proxy_set_header Connection \"\";")};
  HttpClient client = proxy.client();
  client.send(kUpgrade);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_FALSE(peer.wait_for_requests(1).at(0).header("upgrade"));
}

TEST(Upgrade, EndsForThePeerWhenTheClientVanishes) {
  ScriptedPeer peer{echo_tunnel()};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(kUpgrade);
  EXPECT_EQ(client.read_answer().status, 101);
  client.reset();
  peer.wait_until_all_closed();
}

TEST(Upgrade, IsLoggedWithTheBytesOfTheTunnel) {
  ScriptedPeer peer{echo_tunnel("0123456789")};
  RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(kUpgrade);
  const HttpAnswer answer = client.read_answer();
  client.send("bye");
  client.read_until_close();
  EXPECT_EQ(proxy.quit(), 0);
  EXPECT_EQ(read_file(proxy.folder().path() / "access.log"),
            "101 " + std::to_string(answer.head.size() + 10) + " 101\n");
}

TEST(Upgrade, ManyBytesBothWaysAtOnce) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
    connection.read_request();
    connection.send(kSwitch);
    std::size_t got = 0;
    std::thread sender([&] { connection.send(std::string(20'000'000, 'd')); });
    while (got < 20'000'000) {
      const std::string bytes = connection.read_bytes();
      if (bytes.empty()) break;
      got += bytes.size();
    }
    sender.join();
    connection.send(got == 20'000'000 ? "all" : "got " + std::to_string(got));
    connection.close();
  }}};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  client.send(kUpgrade);
  EXPECT_EQ(client.read_answer().status, 101);
  std::thread sender([&] { client.send(std::string(20'000'000, 'u')); });
  std::string all;
  const std::string rest = client.read_until_close();
  sender.join();
  EXPECT_EQ(rest.size(), 20'000'003u);
  EXPECT_TRUE(rest.ends_with("dall"));
}

}  // namespace
}  // namespace sluice::tests
