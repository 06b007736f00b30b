// SPDX-License-Identifier: MIT
// Many attackers at once, so that a table takes seconds.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <list>
#include <thread>

#include "tests/attacks/lane.h"
#include "tests/support/running_proxy.h"

namespace sluice::tests::attacks {
namespace {

constexpr std::size_t kLanes = 6;

std::string visible(std::string_view bytes) {
  constexpr std::size_t kMost = 1000;
  return testing::PrintToString(std::string(bytes.substr(0, kMost)));
}

// False: enough has been seen of this attack.
bool check(Lane& lane, const Attack& attack, std::size_t cut) {
  const Lane::Outcome outcome = lane.run(attack, cut);
  if (outcome.statuses == attack.statuses && outcome.seen == attack.seen) return true;
  ADD_FAILURE() << attack.name << ", cut at " << cut << " of\n  " << visible(attack.bytes)
                << "\n  answered: " << visible(outcome.statuses)
                << "\n  expected: " << visible(attack.statuses)
                << "\n  peer saw: " << visible(outcome.seen)
                << "\n  expected: " << visible(attack.seen);
  return false;
}

// Returns how often the attack was tried.
std::size_t run_cuts(Lane& lane, const Attack& attack, std::size_t cuts) {
  std::size_t cut = 0;
  while (cut < cuts && check(lane, attack, cut)) ++cut;
  return cut;
}

void run(const std::vector<Attack>& attacks, bool cut_everywhere) {
  const TempFolder folder;
  std::list<Lane> lanes;
  std::string configuration;
  for (std::size_t i = 0; i < kLanes; ++i) {
    configuration += lanes.emplace_back(folder.path(), i).configuration();
  }
  const RunningProxy proxy{configuration};
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> connections = 0;
  std::list<std::thread> threads;
  for (Lane& lane : lanes) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < attacks.size(); i = next++) {
        connections += run_cuts(lane, attacks[i], cut_everywhere ? attacks[i].bytes.size() : 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%zu attacks, %zu connections\n", attacks.size(), connections.load());
}

}  // namespace

void expect_all(const std::vector<Attack>& attacks) {
  run(attacks, /*cut_everywhere=*/true);
}

void expect_whole(const std::vector<Attack>& attacks) {
  run(attacks, /*cut_everywhere=*/false);
}

}  // namespace sluice::tests::attacks
