// SPDX-License-Identifier: MIT
#include "tests/support/scripted_peer.h"

#include <gtest/gtest.h>

#include "tests/support/http_client.h"

namespace sluice::tests {
namespace {

TEST(ScriptedPeer, AnswersEachRequestWithTheNextStepAndRepeatsTheLast) {
  ScriptedPeer peer{respond(503, "tired"), respond(200, "well")};
  HttpClient client(peer.address());
  EXPECT_EQ(client.get("/").status, 503);
  EXPECT_EQ(client.get("/").body, "well");
  EXPECT_EQ(http_get(peer.address(), "/").body, "well");
  EXPECT_EQ(peer.accepted(), 2u);
}

TEST(ScriptedPeer, RemembersEveryByteOfARequest) {
  ScriptedPeer peer{respond(204)};
  HttpClient client(peer.address());
  client.send(
      "POST /a HTTP/1.1\r\nhOST:  x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 204);
  const auto request = peer.wait_for_requests(1)[0];
  EXPECT_EQ(request.head, "POST /a HTTP/1.1\r\nhOST:  x\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(request.target(), "/a");
  EXPECT_EQ(request.header("Host"), "x");
  EXPECT_EQ(request.body, "hi");
  EXPECT_EQ(request.raw_body, "2\r\nhi\r\n0\r\n\r\n");
}

TEST(ScriptedPeer, ClosesAnswersRawBytesOrResets) {
  ScriptedPeer peer{close_after_accept(), raw_then_close("what?"), raw_then_reset("HTTP/1.1 2"),
                    close_after_request()};
  EXPECT_TRUE(HttpClient(peer.address()).is_closed());
  for (const char* expected : {"what?", "HTTP/1.1 2", ""}) {
    HttpClient client(peer.address());
    client.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client.read_until_close(), expected);
  }
  peer.wait_until_all_closed();
  EXPECT_EQ(peer.open(), 0u);
}

TEST(ScriptedPeer, RunsAScriptOfTheTestsOwn) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    const auto request = connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    connection.send(request ? request->target() : "");
  }};
  EXPECT_EQ(http_get(peer.address(), "/ab").body, "/ab");
}

TEST(ScriptedPeer, EndsWhileItsConnectionsHang) {
  ScriptedPeer peer{hang()};
  HttpClient client(peer.address());
  client.send("GET / HTTP/1.1\r\n\r\n");
  peer.wait_for_requests(1);
  EXPECT_EQ(peer.open(), 1u);
}

TEST(ClosedPort, RefusesConnections) {
  EXPECT_THROW(connect_to(closed_port()), std::runtime_error);
}

}  // namespace
}  // namespace sluice::tests
