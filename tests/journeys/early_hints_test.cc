// SPDX-License-Identifier: MIT
// Interim answers of a peer: 103 Early Hints is for the client, when the configuration says so.
#include <future>

#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

const std::string kHints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string server(const std::string& peers, const std::string& lines) {
  return "log_format sent 'sent $bytes_sent $body_bytes_sent $upstream_status'; "
         "access_log /dev/stderr sent; upstream u { " +
         peers + " } server { listen 127.0.0.1:0; " + lines +
         " location / { proxy_pass http://u; } }";
}

std::string server(const ScriptedPeer& peer, const std::string& lines) {
  return server("server " + peer.address() + ";", lines);
}

TEST(EarlyHints, ReachTheClientBeforeTheAnswerIsThere) {
  std::promise<void> got_hints;
  ScriptedPeer peer{[&](PeerConnection& connection) {
    if (!connection.read_request()) return;
    connection.send(kHints);
    got_hints.get_future().wait_for(kPatience);
    connection.send(kAnswer);
  }};
  RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const HttpAnswer hints = client.read_answer();
  EXPECT_EQ(hints.status_line, "HTTP/1.1 103 Early Hints");
  EXPECT_EQ(hints.headers.size(), 1U);
  EXPECT_EQ(hints.header("Link"), "</a.css>");
  got_hints.set_value();
  const HttpAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "ok");
  const std::size_t sent = hints.head.size() + answer.head.size() + answer.body.size();
  proxy.wait_for_log("sent " + std::to_string(sent) + " 2 200");
}

TEST(EarlyHints, LeaveTheConnectionsAsTheyWere) {
  ScriptedPeer peer{raw(kHints + kHints + kAnswer)};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  for (int i = 0; i < 3; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 103);
    EXPECT_EQ(client.read_answer().status, 103);
    EXPECT_EQ(client.read_answer().body, "ok");
  }
  EXPECT_EQ(peer.accepted(), 1U);
}

TEST(EarlyHints, AreSkippedUnlessAConditionHolds) {
  ScriptedPeer peer{raw(kHints + kAnswer)};
  const auto first_status = [&](const std::string& lines, const std::string& target = "/") {
    const RunningProxy proxy{server(peer, lines)};
    return proxy.get(target).status;
  };
  EXPECT_EQ(first_status(""), 200);
  EXPECT_EQ(first_status("early_hints 0;"), 200);
  EXPECT_EQ(first_status("early_hints $arg_a $arg_b;"), 200);
  EXPECT_EQ(first_status("early_hints $arg_a $arg_b;", "/?a=0&b=0"), 200);
  EXPECT_EQ(first_status("early_hints $arg_a $arg_b;", "/?b=x"), 103);
  EXPECT_EQ(first_status("early_hints $arg_a; early_hints $arg_b;", "/?a=00"), 103);
}

TEST(EarlyHints, AreNotForOldClients) {
  ScriptedPeer peer{raw(kHints + kAnswer)};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(EarlyHints, GoByTheRulesForHeaders) {
  ScriptedPeer peer{raw(
      "HTTP/1.1 103 Any Words\r\nServer: x\r\nDate: x\r\nConnection: close\r\nContent-Length: 7\r\n"
      "X-Hidden: 1\r\nLink: a\r\nLink: b\r\n\r\n" +
      kAnswer)};
  const RunningProxy proxy{server(peer, "early_hints 1; proxy_hide_header X-Hidden;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().head, "HTTP/1.1 103 Early Hints\r\nLink: a\r\nLink: b\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "ok");
}

TEST(EarlyHints, WithoutAHeaderAreNotSent) {
  ScriptedPeer peer{raw("HTTP/1.1 103 Early Hints\r\nServer: x\r\n\r\n" + kAnswer)};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  EXPECT_EQ(proxy.get("/").status, 200);
}

TEST(EarlyHints, MayComeFromAPeerThatFailsThen) {
  ScriptedPeer failing{raw_then_close(kHints)};
  ScriptedPeer healthy{raw(kHints + kAnswer)};
  RunningProxy proxy{server("server " + failing.address() + "; server " + healthy.address() + ";",
                            "early_hints 1;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 103);
  EXPECT_EQ(client.read_answer().status, 103);
  EXPECT_EQ(client.read_answer().body, "ok");
  proxy.wait_for_log(" 2 502, 200");
}

TEST(EarlyHints, MayBeFollowedByAnErrorPage) {
  ScriptedPeer peer{raw_then_close(kHints)};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 103);
  EXPECT_EQ(client.read_answer().status, 502);
}

TEST(EarlyHints, AreBounded) {
  std::string hints;
  for (int i = 0; i < 200; ++i) hints += kHints;
  ScriptedPeer peer{raw(hints + kAnswer)};
  const RunningProxy proxy{server(peer, "")};
  EXPECT_EQ(proxy.get("/").status, 502);
}

TEST(EarlyHints, TakeNoRoomFromTheAnswersHead) {
  const std::string large = "X-Large: " + std::string(3000, 'x') + "\r\n";
  ScriptedPeer peer{raw("HTTP/1.1 103 Early Hints\r\n" + large +
                        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + large + "\r\nok")};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().header("X-Large").size(), 3000U);
  EXPECT_EQ(client.read_answer().header("X-Large").size(), 3000U);
}

TEST(EarlyHints, AreTheSameWhereverTheyAreCut) {
  const std::string bytes = "HTTP/1.1 100 Continue\r\n\r\n" + kHints + kAnswer;
  std::size_t cut = 0;
  ScriptedPeer peer{[&](PeerConnection& connection) {
    if (!connection.read_request()) return;
    connection.send(std::string_view(bytes).substr(0, cut));
    connection.send(std::string_view(bytes).substr(cut));
  }};
  const RunningProxy proxy{server(peer, "early_hints 1;")};
  HttpClient client = proxy.client();
  for (cut = 1; cut < bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(client.read_answer().status, 103);
    ASSERT_EQ(client.read_answer().body, "ok");
  }
}

}  // namespace
}  // namespace sluice::tests
