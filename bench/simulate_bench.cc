// SPDX-License-Identifier: MIT
// How long does a simulation take?  ninja -C build bench/simulate_bench
//
// A million requests over ten peers, ten at a time: picks, answers, health and all that is counted.
#include <benchmark/benchmark.h>

#include "simulate/simulate.h"

namespace sluice::simulate {
namespace {

void simulate_million(benchmark::State& state, const std::string& method) {
  confparse::UpstreamSettings upstream;
  upstream.name = "app";
  for (int port = 8000; port < 8010; ++port) {
    upstream.servers.emplace_back().address = "10.0.0.1:" + std::to_string(port);
  }
  upstream.method = method;
  Options options;
  options.requests = 1'000'000;
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulate(options, {upstream}, "app.conf", false));
  }
  state.counters["picks"] = benchmark::Counter(static_cast<double>(options.requests),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(simulate_million, round_robin, "")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_million, ip_hash, "ip_hash")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_million, least_conn, "least_conn")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_million, fair, "fair")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice::simulate

BENCHMARK_MAIN();
