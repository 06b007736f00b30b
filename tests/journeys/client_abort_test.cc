// SPDX-License-Identifier: MIT
// A client that leaves, or says that it will send no more, while a peer is at work for it.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

struct Way {
  const char* name;
  void (*leave)(HttpClient& client);
  bool still_reads;
};

const Way kWays[] = {
    {"Closes", [](HttpClient& client) { client.close(); }, false},
    {"Resets", [](HttpClient& client) { client.reset(); }, false},
    {"HalfCloses", [](HttpClient& client) { client.shutdown_write(); }, true},
};

class ClientAbort : public testing::TestWithParam<Way> {
 protected:
  [[nodiscard]] std::string site(const ScriptedPeer& peer, const std::string& lines = "") const {
    return "log_format short '$status $upstream_status'; server { listen 127.0.0.1:0; access_log " +
           folder_.file("log") + " short; location / { " + lines + " proxy_pass http://" +
           peer.address() + "; } }";
  }

  // The access log once it has a line, which is written when the exchange is over.
  [[nodiscard]] std::string log() const {
    const Deadline deadline;
    std::string text;
    while (text.empty() && !deadline.passed()) {
      std::this_thread::yield();
      text = read_file(folder_.file("log"));
    }
    return text;
  }

  TempFolder folder_;
};

constexpr const char* kRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_P(ClientAbort, ClosesThePeersConnectionAndIsLoggedAs499) {
  ScriptedPeer peer{hang()};
  const RunningProxy proxy{site(peer)};
  HttpClient client = proxy.client();
  client.send(kRequest);
  peer.wait_for_requests(1);
  GetParam().leave(client);
  peer.wait_until_all_closed();
  EXPECT_EQ(log(), "499 -\n");
  if (GetParam().still_reads) {
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_P(ClientAbort, InTheMiddleOfAnAnswerClosesThePeersConnection) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    connection.wait_for_close();
  }};
  const RunningProxy proxy{site(peer)};
  HttpClient client = proxy.client();
  client.send(kRequest);
  std::string received;
  while (!received.ends_with("half") &&
         read_some(client.socket(), received, Deadline{}) == ReadResult::bytes) {
  }
  GetParam().leave(client);
  peer.wait_until_all_closed();
  EXPECT_EQ(log(), "200 200\n");  // what the client was told
}

TEST_P(ClientAbort, IsIgnoredWhereTheConfigurationSaysSo) {
  std::promise<void> client_left;
  ScriptedPeer peer{[&](PeerConnection& connection) {
    connection.read_request();
    client_left.get_future().wait();
    connection.send("HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\ndone");
  }};
  const RunningProxy proxy{site(peer, "proxy_ignore_client_abort on;")};
  HttpClient client = proxy.client();
  client.send(kRequest);
  peer.wait_for_requests(1);
  GetParam().leave(client);
  client_left.set_value();
  EXPECT_EQ(log(), "201 201\n");
  EXPECT_EQ(peer.open(), 1u);  // answered in full, and kept
  if (GetParam().still_reads) {
    EXPECT_EQ(client.read_answer().body, "done");
    EXPECT_TRUE(client.is_closed());
  }
}

INSTANTIATE_TEST_SUITE_P(Journeys, ClientAbort, testing::ValuesIn(kWays),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace sluice::tests
