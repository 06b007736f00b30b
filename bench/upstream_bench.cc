// SPDX-License-Identifier: MIT
// What a pick costs in the proxy: ninja -C build bench/upstream_bench
//
// Upstream::next() and report(), as an exchange calls them: the lock, who may be asked, the method,
// the peer's health.  By threads: all of them at one upstream, as the workers are.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "upstream/upstream.h"

namespace sluice::upstream {
namespace {

struct Method {
  const char* directive;
  std::vector<std::string> words;
};

std::unique_ptr<Upstream> make(const Method& method, std::size_t count) {
  confparse::UpstreamSettings settings;
  settings.name = "bench";
  settings.method = method.directive;
  settings.method_words = method.words;
  settings.servers.resize(count);
  std::vector<Upstream::Server> servers;
  for (std::size_t i = 0; i < count; ++i) {
    settings.servers[i].address = "10.0.0.1:" + std::to_string(8000 + i);
    servers.push_back({&settings.servers[i], {*net::Address::parse(settings.servers[i].address)}});
  }
  return std::make_unique<Upstream>(settings, servers, 0);
}

std::unique_ptr<Upstream> shared;  // by the threads of one run

void ask(benchmark::State& state, const Method& method) {
  if (state.thread_index() == 0) {
    shared = make(method, static_cast<std::size_t>(state.range(0)));
  }
  Tries tries;
  std::string key = "/static/images/0000/logo.png?size=large";
  std::string address(4, '\x0a');
  std::uint32_t request = 0;
  Clock::time_point now{std::chrono::hours{1}};
  for (auto _ : state) {
    now += std::chrono::microseconds{50};
    ++request;
    key[16] = static_cast<char>('a' + request % 26);
    address[2] = static_cast<char>(request);
    tries.restart(address, key);
    const std::optional<Asked> asked = shared->next(tries, now);
    shared->report(*asked, {.time_to_head = std::chrono::microseconds{400}, .now = now});
  }
  if (state.thread_index() == 0) {
    state.counters["picks"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * state.threads(), benchmark::Counter::kIsRate);
  }
}

#define SLUICE_BENCH(name, ...) \
  BENCHMARK_CAPTURE(ask, name, Method __VA_ARGS__)->Arg(2)->Arg(10)->Arg(100)->Arg(1000)
#define SLUICE_THREADS(name, ...)                  \
  BENCHMARK_CAPTURE(ask, name, Method __VA_ARGS__) \
      ->Arg(10)                                    \
      ->Threads(1)                                 \
      ->Threads(2)                                 \
      ->Threads(4)                                 \
      ->UseRealTime()

SLUICE_BENCH(round_robin, {"", {}});
SLUICE_BENCH(hash_consistent, {"hash", {"$request_uri", "consistent"}});
SLUICE_THREADS(threads_round_robin, {"", {}});
SLUICE_THREADS(threads_least_conn, {"least_conn", {}});
SLUICE_THREADS(threads_hash_consistent, {"hash", {"$request_uri", "consistent"}});
SLUICE_THREADS(threads_fair, {"fair", {}});

}  // namespace
}  // namespace sluice::upstream

BENCHMARK_MAIN();
