// SPDX-License-Identifier: MIT
// Peers in turn are peers in turn, not once for each core: with many clients at once, and workers
// that know nothing of each other, each peer gets exactly its share.
#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/running_proxy.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRequests = 5'000;
#elif defined(__OPTIMIZE__)
constexpr int kRequests = 100'000;
#else
constexpr int kRequests = 20'000;
#endif
constexpr int kClients = 64;
constexpr int kPeers = 4;
using Counts = std::array<int, kPeers>;

// Another sluice, that answers for all the peers: which one was asked is the body.
class Peers {
 public:
  [[nodiscard]] std::string address(int peer) const {
    return "unix:" + sockets_.file(std::to_string(peer));
  }

 private:
  [[nodiscard]] std::string servers() const {
    std::string servers = "keepalive_requests 1000000;";
    for (int peer = 0; peer < kPeers; ++peer) {
      servers +=
          "server { listen " + address(peer) + "; return 200 " + std::to_string(peer) + "; }";
    }
    return servers;
  }

  TempFolder sockets_;
  RunningProxy proxy_{servers(), {.main = "worker_processes 1;"}};
};

// Asks until all requests of all clients are used up.
Counts ask(const RunningProxy& proxy, std::atomic<int>& left) {
  Counts counts{};
  HttpClient client = proxy.client();
  while (left.fetch_sub(1) > 0) {
    const HttpAnswer answer = client.get("/");
    EXPECT_EQ(answer.status, 200);
    if (answer.body.size() != 1) break;
    ++counts.at(static_cast<std::size_t>(answer.body[0] - '0'));
  }
  return counts;
}

Counts ask_from_all_clients(const RunningProxy& proxy) {
  std::atomic<int> left = kRequests;
  std::mutex mutex;
  Counts counts{};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      const Counts own = ask(proxy, left);
      const std::lock_guard lock(mutex);
      for (std::size_t peer = 0; peer < kPeers; ++peer) counts.at(peer) += own.at(peer);
    });
  }
  for (std::thread& client : clients) client.join();
  return counts;
}

void expect_exact_shares(const std::array<int, kPeers>& weights) {
  const Peers peers;
  std::string servers;
  int total = 0;
  for (int peer = 0; peer < kPeers; ++peer) {
    const int weight = weights.at(static_cast<std::size_t>(peer));
    servers += "server " + peers.address(peer) + " weight=" + std::to_string(weight) + ";";
    total += weight;
  }
  const RunningProxy proxy("upstream u { " + servers +
                               " }"
                               "server { listen 127.0.0.1:0; keepalive_requests 1000000;"
                               "  location / { proxy_pass http://u; } }",
                           {.main = "worker_processes 4;"});
  const Counts counts = ask_from_all_clients(proxy);
  std::printf("[ figures  ] %d requests, %d clients, 4 workers:", kRequests, kClients);
  for (std::size_t peer = 0; peer < kPeers; ++peer) {
    std::printf(" weight %d: %d", weights.at(peer), counts.at(peer));
  }
  std::printf("\n");
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), kRequests);
  for (std::size_t peer = 0; peer < kPeers; ++peer) {
    EXPECT_NEAR(counts.at(peer), 1.0 * kRequests * weights.at(peer) / total, 1.0) << peer;
  }
}

TEST(EvenShares, OfEqualPeersAtFourWorkers) {
  expect_exact_shares({1, 1, 1, 1});
}

TEST(EvenShares, OfWeightsAtFourWorkers) {
  expect_exact_shares({1, 7, 2, 3});
}

}  // namespace
}  // namespace sluice::tests
