// SPDX-License-Identifier: MIT
// What does a timeout cost that never comes?  ninja -C build bench/deadlines_bench
#include <benchmark/benchmark.h>

#include <deque>

#include "net/deadlines.h"

namespace sluice::net {
namespace {

using namespace std::chrono_literals;

class Alarm final : public Deadline {
 public:
  int rung = 0;

 private:
  void expired() override { ++rung; }
};

// A wait that ends in time, beside so many that go on: armed and disarmed, while the wheel turns.
void arm_and_disarm(benchmark::State& state) {
  SteadyTime now{};
  Deadlines wheel{now, [](SteadyTime) {}};
  std::deque<Alarm> others(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < others.size(); ++i) {
    wheel.arm(others[i], now, Milliseconds(60'000 + static_cast<int>(i % 20'000)));
  }
  Alarm alarm;
  for (auto _ : state) {
    wheel.arm(alarm, now, 60s);
    alarm.disarm();
  }
}
BENCHMARK(arm_and_disarm)->Arg(0)->Arg(10'000);

// A second of the wheel's life with so many deadlines on it, none of them due.
void turn_for_a_second(benchmark::State& state) {
  SteadyTime now{};
  Deadlines wheel{now, [](SteadyTime) {}};
  std::deque<Alarm> others(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < others.size(); ++i) {
    wheel.arm(others[i], now, Milliseconds(1'000'000'000 + static_cast<int>(i % 20'000)));
  }
  for (auto _ : state) {
    for (int tick = 0; tick < 100; ++tick) {
      now += 10ms;
      wheel.turn(now);
    }
  }
}
BENCHMARK(turn_for_a_second)->Arg(100)->Arg(10'000);

// Those that do come.
void expire(benchmark::State& state) {
  SteadyTime now{};
  Deadlines wheel{now, [](SteadyTime) {}};
  std::deque<Alarm> alarms(1000);
  for (auto _ : state) {
    for (Alarm& alarm : alarms) {
      wheel.arm(alarm, now, 50ms);
    }
    now += 60ms;
    wheel.turn(now);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(alarms.size()));
}
BENCHMARK(expire);

}  // namespace
}  // namespace sluice::net

BENCHMARK_MAIN();
