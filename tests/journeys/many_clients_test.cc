// SPDX-License-Identifier: MIT
// Clients by the thousand that are slow or idle: the others are served meanwhile, and what an idle
// one costs is printed.  The figures of one machine are in docs/TESTING.md.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasuresMemory = false;  // of the sanitizer
constexpr std::size_t kMost = 500;
#else
constexpr bool kMeasuresMemory = true;
constexpr std::size_t kMost = 5000;
#endif

// How many connections there may be at once, here and in the proxy: raises the limit as far as
// allowed, leaves room for the rest.
std::size_t possible_connections(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t kOthers = 100;
  return static_cast<std::size_t>(
      std::min<rlim_t>(std::min(wanted, kMost), limit.rlim_cur / 2 - kOthers));
}

std::string proxy_to(const ScriptedPeer& peer) {
  return "server { listen 127.0.0.1:0 backlog=4096; location / { proxy_pass http://" +
         peer.address() + "; } location = /own { return 200 own; } }";
}

const ProxyOptions kRoom{.events = "worker_connections 100000;"};

long private_kib(pid_t pid) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  const auto at = text.find("Private_Dirty:");
  return at == std::string::npos ? 0 : std::strtol(text.c_str() + at + 14, nullptr, 10);
}

std::vector<Socket> connect_many(const RunningProxy& proxy, std::size_t count,
                                 std::string_view bytes) {
  std::vector<Socket> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    sockets.push_back(connect_to(proxy.address()));
    EXPECT_TRUE(send_all(sockets.back(), bytes, Deadline{}));
  }
  return sockets;
}

// Each gets an answer that ends so.
void expect_answers(const std::vector<Socket>& sockets, std::string_view end) {
  std::size_t answered = 0;
  for (const Socket& socket : sockets) {
    const Deadline deadline;
    std::string received;
    while (!received.ends_with(end) && read_some(socket, received, deadline) == ReadResult::bytes) {
    }
    answered += received.ends_with(end) ? 1u : 0u;
  }
  EXPECT_EQ(answered, sockets.size());
}

TEST(SlowClients, DoNotKeepOthersWaiting) {
  ScriptedPeer peer{respond(200, "ok")};
  const std::size_t half = possible_connections(2000) / 2;
  const RunningProxy proxy{proxy_to(peer), kRoom};
  proxy.get("/");
  const long before = private_kib(proxy.pid());
  const auto heads = connect_many(proxy, half, "GET /own HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  const auto bodies =
      connect_many(proxy, half, "POST /own HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nslow ");
  const auto uploads = connect_many(
      proxy, half / 2, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nslow ");

  const auto began = Clock::now();
  constexpr int kRequests = 200;
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_EQ(proxy.get("/").body, "ok");
  }
  const std::chrono::duration<double, std::micro> took = Clock::now() - began;
  const std::size_t slow = heads.size() + bodies.size() + uploads.size();
  std::printf("%zu slow clients, %.1f KiB each; %d requests beside them took %.0f us each\n", slow,
              static_cast<double>(private_kib(proxy.pid()) - before) / static_cast<double>(slow),
              kRequests, took.count() / kRequests);

  for (const Socket& socket : heads) send_all(socket, "x\r\n\r\n", Deadline{});
  for (const Socket& socket : uploads) send_all(socket, "body!", Deadline{});
  expect_answers(heads, "\r\n\r\nown");
  expect_answers(uploads, "\r\n\r\nok");
}

TEST(IdleClients, CostLittleAndOthersAreServed) {
  ScriptedPeer peer{respond(200, "ok")};
  const std::size_t count = possible_connections(5000);
  const RunningProxy proxy{proxy_to(peer), kRoom};
  for (int i = 0; i < 100; ++i) proxy.get("/own");
  const long before = private_kib(proxy.pid());
  const auto idle = connect_many(proxy, count, "GET /own HTTP/1.1\r\nHost: a\r\n\r\n");
  expect_answers(idle, "\r\n\r\nown");
  const double each =
      static_cast<double>(private_kib(proxy.pid()) - before) / static_cast<double>(count);
  std::printf("%zu idle clients: %.2f KiB of private memory each\n", count, each);
  if (kMeasuresMemory) {
    EXPECT_LE(each, 2.0);
  }

  // Half of the descriptors are used up.
  const auto most = static_cast<rlim_t>(2 * count);
  const rlimit limit{most, most};
  ASSERT_EQ(::prlimit(proxy.pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(proxy.get("/").body, "ok");
  }
  for (const Socket& socket : idle) {
    send_all(socket, "GET /own HTTP/1.1\r\nHost: a\r\n\r\n", Deadline{});
  }
  expect_answers(idle, "\r\n\r\nown");
}

TEST(RequestsSentAhead, ByTheThousandAreAnsweredInTheirOrderInLittleMemory) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    if (const auto request = connection.read_request()) {
      const std::string body = request->target();
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\n\r\n" + body);
    }
  }};
  const RunningProxy proxy{proxy_to(peer) + "keepalive_requests 100000;"};
  proxy.get("/warm");
  const long before = private_kib(proxy.pid());
  HttpClient client = proxy.client();
  constexpr int kRequests = 5000;
  std::thread sender([&] {
    std::string all;
    for (int i = 0; i < kRequests; ++i) {
      // Every third has a body behind it.
      const std::string line = "/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n";
      all += i % 3 == 0 ? "POST " + line + "Content-Length: 4\r\n\r\nbody" : "GET " + line + "\r\n";
    }
    send_all(client.socket(), all, Deadline{kPatience * 5});
  });
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_EQ(client.read_answer().body, "/" + std::to_string(i));
  }
  sender.join();
  const long more = private_kib(proxy.pid()) - before;
  std::printf("%d requests sent ahead: %ld KiB more\n", kRequests, more);
  if (kMeasuresMemory) {
    EXPECT_LE(more, 1024);
  }
}

// Sends requests ahead as fast as it can, and reads the answers, until told to end.
class Flood {
 public:
  explicit Flood(const RunningProxy& proxy) : socket_(connect_to(proxy.address())) {
    sender_ = std::thread([this] {
      std::string requests;
      for (int i = 0; i < 1000; ++i) requests += "GET /own HTTP/1.1\r\nHost: a\r\n\r\n";
      while (!ending_ && send_all(socket_, requests, Deadline{})) {
      }
      ::shutdown(socket_.fd(), SHUT_WR);
    });
    reader_ = std::thread([this] {
      std::string dropped;
      while (read_some(socket_, dropped, Deadline{}) == ReadResult::bytes) dropped.clear();
    });
  }
  ~Flood() {
    ending_ = true;
    sender_.join();
    reader_.join();
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

 private:
  Socket socket_;
  std::atomic<bool> ending_ = false;
  std::thread sender_;
  std::thread reader_;
};

TEST(RequestsSentAhead, WithoutEndDoNotKeepOthersWaiting) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; keepalive_requests 1000000000; location = /own { return 200 "
      "own; } }"};
  const Flood flood{proxy};
  const auto began = Clock::now();
  constexpr int kRequests = 100;
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_EQ(proxy.get("/own").body, "own");
  }
  const std::chrono::duration<double, std::micro> took = Clock::now() - began;
  std::printf("beside a client that asks without end a request took %.0f us\n",
              took.count() / kRequests);
}

TEST(Download, WithoutEndDoesNotKeepOthersWaiting) {
  std::atomic<bool> ending = false;
  ScriptedPeer peer{[&](PeerConnection& connection) {
    if (!connection.read_request()) return;
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string piece(1 << 20, 'x');
    while (!ending) connection.send(piece);
    connection.close();
  }};
  const RunningProxy proxy{proxy_to(peer)};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      const Socket socket = connect_to(proxy.address());
      send_all(socket, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Deadline{});
      std::string dropped;
      while (read_some(socket, dropped, Deadline{}) == ReadResult::bytes) dropped.clear();
    });
  }
  peer.wait_for_requests(2);
  const auto began = Clock::now();
  constexpr int kRequests = 100;
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_EQ(proxy.get("/own").body, "own");
  }
  const std::chrono::duration<double, std::micro> took = Clock::now() - began;
  std::printf("beside two downloads without end a request took %.0f us\n",
              took.count() / kRequests);
  ending = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace sluice::tests
