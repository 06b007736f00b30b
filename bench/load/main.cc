// SPDX-License-Identifier: MIT
// sluice-load: asks a server over and over and says what it took: the load of scripts/bench.
//
// Before it measures, each kept connection has been opened and used once; what has begun when the
// time is over is brought to its end.  So the CPU time of the watched processes, read at both ends
// while nothing is under way, belongs to exactly the requests that were counted.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <deque>
#include <vector>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>

#include "bench/load/connection.h"
#include "bench/load/latencies.h"
#include "bench/load/options.h"

namespace sluice::load {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::uint64_t read_clock(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * kSecond +
         static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t now() {
  return read_clock(CLOCK_MONOTONIC);
}

// The CPU time of all threads of a process, in nanoseconds and up to this very moment: what
// /proc/PID/task/*/schedstat says, but without having to wait for the next tick.
std::uint64_t cpu_time(pid_t process) {
  clockid_t clock{};
  return ::clock_getcpuclockid(process, &clock) == 0 ? read_clock(clock) : 0;
}

class Load {
 public:
  explicit Load(const Options& options);
  // Each connection once.  False: the server does not answer as it should.
  bool warm_up();
  void measure();
  void print() const;

 private:
  void run(std::uint64_t until, std::uint64_t most);
  void ask(std::uint32_t number, std::uint64_t due);
  void ask_idle();
  void wait(std::uint64_t most);
  void note(Connection& connection, Connection::Event event);
  [[nodiscard]] std::uint64_t due(std::uint64_t request) const;

  const Options& options_;
  Message message_;
  int epoll_;
  std::deque<Connection> connections_;
  std::deque<std::uint32_t> idle_;  // those with nothing to do; all take their turn
  std::size_t busy_ = 0;
  std::uint64_t start_ = 0, until_ = 0, most_ = 0, asked_ = 0;
  double rate_ = 0;
  std::uint64_t errors_ = 0, elapsed_ = 0;
  std::vector<std::uint64_t> cpu_;
  std::uint64_t own_cpu_ = 0;
  Latencies latencies_;
};

Load::Load(const Options& options)
    : options_(options), message_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (std::uint32_t i = 0; i < options.connections; ++i) {
    connections_.emplace_back(options_, message_, epoll_, i);
    idle_.push_back(i);
  }
}

std::uint64_t Load::due(std::uint64_t request) const {
  return start_ + static_cast<std::uint64_t>(static_cast<double>(request) * 1e9 / rate_);
}

void Load::note(Connection& connection, Connection::Event event) {
  if (event == Connection::Event::none) return;
  --busy_;
  if (event == Connection::Event::answered) {
    latencies_.add(now() - connection.began);
  } else {
    ++errors_;
  }
}

void Load::ask(std::uint32_t number, std::uint64_t due) {
  Connection& connection = connections_[number];
  connection.began = due;
  ++asked_;
  ++busy_;
  const auto event = connection.ask();
  note(connection, event);
  if (event != Connection::Event::none) idle_.push_back(number);
}

// Whoever has nothing to do asks, as far as it is time.
void Load::ask_idle() {
  std::size_t budget = idle_.size();  // one that fails at once is not asked for ever
  while (!idle_.empty() && budget-- > 0 && (most_ == 0 || asked_ < most_)) {
    const std::uint64_t time = now();
    const std::uint64_t begin = rate_ > 0 ? due(asked_) : time;
    if (begin >= until_ || begin > time || (rate_ == 0 && time >= until_)) return;
    const std::uint32_t number = idle_.front();
    idle_.pop_front();
    ask(number, begin);
  }
}

void Load::wait(std::uint64_t most) {
  std::array<epoll_event, 256> events;
  timespec limit{};
  limit.tv_sec = static_cast<time_t>(most / kSecond);
  limit.tv_nsec = static_cast<long>(most % kSecond);
  const int count =
      ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
  for (int i = 0; i < count; ++i) {
    const std::uint32_t number = events[static_cast<std::size_t>(i)].data.u32;
    Connection& connection = connections_[number];
    const auto event = connection.proceed(events[static_cast<std::size_t>(i)].events);
    note(connection, event);
    if (event == Connection::Event::none) continue;
    // A closed loop asks again at once; an open one waits for the next request to be due.
    const bool goes_on = rate_ == 0 && (most_ == 0 || asked_ < most_);
    const std::uint64_t time = now();
    if (goes_on && time < until_) {
      ask(number, time);
    } else {
      idle_.push_back(number);
    }
  }
}

void Load::run(std::uint64_t until, std::uint64_t most) {
  until_ = until;
  most_ = most;
  asked_ = 0;
  while (true) {
    ask_idle();
    const std::uint64_t time = now();
    const bool is_over =
        (most_ > 0 && asked_ >= most_) || time >= until_ || (rate_ > 0 && due(asked_) >= until_);
    if (is_over && busy_ == 0) return;
    std::uint64_t patience = kSecond;
    if (rate_ > 0 && !idle_.empty() && !is_over) {
      patience = std::min(patience, std::max(due(asked_), time) - time);
    }
    wait(patience);
    if (is_over && now() > until_ + 20 * kSecond) {  // it hangs
      errors_ += busy_;
      return;
    }
  }
}

bool Load::warm_up() {
  if (!options_.keep_alive) return true;
  // Opened a hundred at a time, not to overflow the server's backlog.
  std::deque<std::uint32_t> all;
  all.swap(idle_);
  start_ = now();
  for (std::size_t at = 0; at < all.size(); at += 100) {
    const std::size_t end = std::min(all.size(), at + 100);
    std::deque<std::uint32_t> before;
    before.swap(idle_);
    idle_.assign(all.begin() + static_cast<std::ptrdiff_t>(at),
                 all.begin() + static_cast<std::ptrdiff_t>(end));
    run(now() + kSecond, end - at);
    idle_.insert(idle_.end(), before.begin(), before.end());
    if (errors_ > 0) return false;
  }
  return true;
}

void Load::measure() {
  latencies_ = {};
  rate_ = options_.rate;
  std::vector<std::uint64_t> before;
  for (const pid_t process : options_.watched) before.push_back(cpu_time(process));
  own_cpu_ = cpu_time(0);
  start_ = now();
  const auto duration = static_cast<std::uint64_t>(options_.duration.count());
  run(options_.requests > 0 ? start_ + 600 * kSecond : start_ + duration, options_.requests);
  elapsed_ = now() - start_;
  own_cpu_ = cpu_time(0) - own_cpu_;
  for (std::size_t i = 0; i < before.size(); ++i) {
    cpu_.push_back(cpu_time(options_.watched[i]) - before[i]);
  }
}

void Load::print() const {
  std::uint64_t cpu = 0;
  for (const std::uint64_t part : cpu_) cpu += part;
  const auto u = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf(
      "{\"requests\": %llu, \"errors\": %llu, \"elapsed_ns\": %llu, \"cpu_ns\": %llu, "
      "\"own_cpu_ns\": %llu, \"p50_ns\": %llu, \"p99_ns\": %llu, \"p999_ns\": %llu, "
      "\"max_ns\": %llu}\n",
      u(latencies_.count()), u(errors_), u(elapsed_), u(cpu), u(own_cpu_),
      u(latencies_.quantile(0.5)), u(latencies_.quantile(0.99)), u(latencies_.quantile(0.999)),
      u(latencies_.largest()));
  std::fflush(stdout);
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void wait_for_line() {
  for (int c = std::getchar(); c != '\n' && c != EOF;) c = std::getchar();
}

int run(const Options& options) {
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);
  Load load(options);
  if (!load.warm_up()) {
    std::fprintf(stderr,
                 "sluice-load: the server does not answer with 200, or closes connections\n");
    return 1;
  }
  if (options.waits) {
    std::puts("ready");
    std::fflush(stdout);
    wait_for_line();
  }
  load.measure();
  load.print();
  if (options.waits) wait_for_line();
  return 0;
}

}  // namespace
}  // namespace sluice::load

int main(int count, char** words) {
  return sluice::load::run(sluice::load::parse_options(count, words));
}
