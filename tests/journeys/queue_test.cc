// SPDX-License-Identifier: MIT
// All peers are at max_conns: who has a place in the `queue` waits, everybody else gets 502.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

const ProxyOptions kOneWorker{.main = "worker_processes 1;"};

std::string proxy_to(const std::string& peer, const std::string& lines) {
  return "upstream group { server " + peer + " max_conns=1; " + lines +
         " } server { listen 127.0.0.1:0; location / { proxy_pass http://group; } }";
}

// The first answer comes when the test says so, the others at once.
class HeldPeer {
 public:
  [[nodiscard]] std::string address() const { return peer_.address(); }
  void wait_until_asked() { peer_.wait_for_requests(1); }
  void release() { gate_.set_value(); }
  [[nodiscard]] std::size_t requests() const { return peer_.requests().size(); }

 private:
  std::promise<void> gate_;
  std::shared_future<void> open_{gate_.get_future()};
  ScriptedPeer peer_{[open = open_](PeerConnection& connection) {
                       connection.read_request();
                       open.wait();
                       connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
                     },
                     respond(200, "next")};
};

TEST(Queue, IsNotThereUnlessConfigured) {
  HeldPeer peer;
  const RunningProxy proxy{proxy_to(peer.address(), ""), kOneWorker};
  HttpClient first = proxy.client();
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_asked();
  EXPECT_EQ(proxy.get("/").status, 502);
  peer.release();
  EXPECT_EQ(first.read_answer().body, "first");
}

TEST(Queue, HoldsARequestUntilAPeerHasRoom) {
  HeldPeer peer;
  RunningProxy proxy{proxy_to(peer.address(), "queue 1;"), kOneWorker};
  HttpClient first = proxy.client();
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_asked();
  HttpClient second = proxy.client();
  second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(proxy.get("/").status, 502);  // the second has the only place
  proxy.wait_for_log("no live upstreams while connecting to upstream (the queue is full)");
  peer.release();
  EXPECT_EQ(first.read_answer().body, "first");
  EXPECT_EQ(second.read_answer().body, "next");
  EXPECT_EQ(peer.requests(), 2u);
  EXPECT_EQ(proxy.get("/").body, "next");
}

TEST(Queue, LetsARequestGoWhenItsTimeoutHasPassed) {
  HeldPeer peer;
  RunningProxy proxy{proxy_to(peer.address(), "queue 5 timeout=100ms;"), kOneWorker};
  HttpClient first = proxy.client();
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_asked();
  EXPECT_EQ(proxy.get("/").status, 502);
  proxy.wait_for_log("it waited in the queue for all of its timeout");
  peer.release();
  EXPECT_EQ(first.read_answer().body, "first");
  EXPECT_EQ(proxy.get("/").body, "next");
}

TEST(Queue, ForgetsAClientThatLeaves) {
  HeldPeer peer;
  RunningProxy proxy{proxy_to(peer.address(), "queue 1;"),
                     {.main = "worker_processes 1; error_log stderr info;"}};
  HttpClient first = proxy.client();
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_asked();
  HttpClient second = proxy.client();
  second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(proxy.get("/").status, 502);
  second.close();
  proxy.wait_for_log("client prematurely closed connection");
  HttpClient third = proxy.client();  // its place is free
  third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(proxy.get("/").status, 502);
  peer.release();
  EXPECT_EQ(first.read_answer().body, "first");
  EXPECT_EQ(third.read_answer().body, "next");
  EXPECT_EQ(peer.requests(), 2u);
}

TEST(Queue, EndsWithTheProcess) {
  HeldPeer peer;
  RunningProxy proxy{proxy_to(peer.address(), "queue 1;"), kOneWorker};
  HttpClient first = proxy.client();
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_until_asked();
  HttpClient second = proxy.client();
  second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(proxy.get("/").status, 502);
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
  peer.release();
}

// Whichever worker has the room to give, and whichever the request that waits.
TEST(Queue, IsOneForAllWorkers) {
  std::atomic<int> busy{0};
  std::atomic<int> most{0};
  ScriptedPeer peer{[&](PeerConnection& connection) {
    while (connection.read_request()) {
      most = std::max(most.load(), ++busy);
      --busy;
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }};
  const RunningProxy proxy{proxy_to(peer.address(), "queue 100;"), {.main = "worker_processes 2;"}};
  std::vector<std::thread> clients;
  std::atomic<int> answers{0};
  for (int client = 0; client < 16; ++client) {
    clients.emplace_back([&] {
      HttpClient connection = proxy.client();
      for (int i = 0; i < 50; ++i) {
        answers += connection.get("/").body == "ok" ? 1 : 0;
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(answers, 16 * 50);
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace sluice::tests
