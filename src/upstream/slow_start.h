// SPDX-License-Identifier: MIT
// `slow_start=`: a peer that is well again gets its share back little by little.
//
// Its share grows in a straight line from nothing to what its weight gives it.  It earns that share
// of a request with each pick of its group, and is held back while it has earned less than one; so
// every strategy lets it grow in the same way, and none has to know.
// Called by Upstream under its lock.
#pragma once

#include <chrono>

#include "balancers/balancer.h"

namespace sluice::upstream {

class SlowStart {
 public:
  explicit SlowStart(std::chrono::milliseconds length) : length_(length) {}

  // The peer is well again.
  void begin(balancers::Clock::time_point now);
  // It rests.
  void end() { running_ = false; }
  [[nodiscard]] bool is_running() const { return running_; }

  // Its group is about to pick; `share` is the peer's at full weight, at most 1.
  void earn(double share, balancers::Clock::time_point now);
  [[nodiscard]] bool is_held_back() const { return running_ && credit_ < 1; }
  // It was picked.
  void spend();

 private:
  std::chrono::milliseconds length_;  // 0: at full weight at once
  balancers::Clock::time_point began_{};
  bool running_ = false;
  double credit_ = 0;  // requests it has earned and not got yet
};

}  // namespace sluice::upstream
