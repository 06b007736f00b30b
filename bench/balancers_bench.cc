// SPDX-License-Identifier: MIT
// Nanoseconds a pick, for each method and number of peers: ninja -C build bench/balancers_bench
//
// A pick and its report, as an upstream makes them; every peer may be asked, 8 attempts are in
// flight.  Filling the candidates is the upstream's work and not counted.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

#include "balancers/strategies.h"

namespace sluice::balancers {
namespace {

std::vector<Peer> make_peers(std::size_t count) {
  std::vector<Peer> peers(count);
  for (std::size_t i = 0; i < count; ++i) {
    peers[i].name = peers[i].server = "10.0.0.1:" + std::to_string(8000 + i);
    peers[i].weight = static_cast<std::uint32_t>(1 + i % 3);
    peers[i].effective_weight = peers[i].weight;
  }
  return peers;
}

void pick(benchmark::State& state, const std::string& directive,
          const std::vector<std::string>& words) {
  std::vector<Peer> peers = make_peers(static_cast<std::size_t>(state.range(0)));
  const auto balancer = find_strategy(directive)->make(words, peers);
  Candidates candidates;
  candidates.reset(peers.size());
  for (PeerIndex peer = 0; peer < peers.size(); ++peer) {
    candidates.add(peer);
  }

  std::array<PeerIndex, 8> in_flight;
  in_flight.fill(kNobody);
  std::string address(4, '\x0a');
  std::string key = "/static/images/0000/logo.png?size=large";
  std::uint32_t request = 0;
  Clock::time_point now{std::chrono::hours{1}};
  for (auto _ : state) {
    now += std::chrono::microseconds{50};
    ++request;
    PeerIndex& slot = in_flight[request % in_flight.size()];
    if (slot != kNobody) {
      --peers[slot].connections;
      Outcome outcome;
      outcome.now = now;
      outcome.asked = now - std::chrono::microseconds{400};
      outcome.time_to_head = std::chrono::microseconds{400};
      balancer->report(peers, slot, outcome);
    }
    address[2] = static_cast<char>(request);
    key[16] = static_cast<char>('a' + request % 26);
    RequestState memory;
    slot = balancer->pick({.peers = peers,
                           .candidates = candidates,
                           .client_address = address,
                           .request_key = key,
                           .now = now,
                           .request = memory});
    ++peers[slot].connections;
  }
}

#define SLUICE_BENCH(name, ...) \
  BENCHMARK_CAPTURE(pick, name, __VA_ARGS__)->Arg(2)->Arg(10)->Arg(100)->Arg(1000)

using Words = std::vector<std::string>;
SLUICE_BENCH(round_robin, "", Words{});
SLUICE_BENCH(ip_hash, "ip_hash", Words{});
SLUICE_BENCH(hash, "hash", (Words{"$request_uri"}));
SLUICE_BENCH(hash_consistent, "hash", (Words{"$request_uri", "consistent"}));
SLUICE_BENCH(fair, "fair", Words{});
SLUICE_BENCH(fair_in_flight, "fair", (Words{"by=in_flight"}));
SLUICE_BENCH(least_conn, "least_conn", Words{});
SLUICE_BENCH(least_time, "least_time", (Words{"header"}));
SLUICE_BENCH(least_time_inflight, "least_time", (Words{"last_byte", "inflight"}));
SLUICE_BENCH(random, "random", Words{});
SLUICE_BENCH(random_two, "random", (Words{"two"}));

}  // namespace
}  // namespace sluice::balancers

BENCHMARK_MAIN();
