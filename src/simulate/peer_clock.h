// SPDX-License-Identifier: MIT
// How the simulated peers behave at a moment: who refuses connections, who needs how long.
#pragma once

#include <cstdint>
#include <vector>

#include "simulate/random_numbers.h"
#include "simulate/result.h"
#include "simulate/scenario.h"

namespace sluice::simulate {

// A moment of the run, in both units a Window may have.
struct Moment {
  std::uint64_t request = 0;  // the number of the last one sent, from 0
  Micros time{};
};

class PeerClock {
 public:
  explicit PeerClock(const Scenario& scenario);

  // Are other peers down than at the last call?  Tells which, as events.
  bool advance(const Moment& moment, std::vector<Event>& changes);
  [[nodiscard]] bool is_down(std::size_t peer) const { return down_[peer]; }

  // When the answer to a request that the peer gets now will come.
  Micros answer_time(std::size_t peer, const Moment& moment);

 private:
  Micros service_time(std::size_t peer, const Moment& moment);

  const Scenario& scenario_;
  RandomNumbers chance_;
  std::vector<bool> down_;
  std::vector<bool> down_now_;
  std::vector<std::vector<Micros>> free_;  // of each peer's `parallel` workers: when; a heap
};

}  // namespace sluice::simulate
