// SPDX-License-Identifier: MIT
#include "upstream/slow_start.h"

#include <algorithm>

namespace sluice::upstream {
namespace {

// A turn may come some picks after it was earned; more than that is not saved up.
constexpr double kMostCredit = 2;

}  // namespace

void SlowStart::begin(balancers::Clock::time_point now) {
  running_ = length_.count() > 0;
  began_ = now;
  credit_ = 0;
}

void SlowStart::earn(double share, balancers::Clock::time_point now) {
  if (!running_) {
    return;
  }
  const std::chrono::duration<double, std::milli> age = now - began_;
  const double part = age / std::chrono::duration<double, std::milli>(length_);
  running_ = part < 1;
  credit_ = std::min(credit_ + share * std::max(part, 0.0), kMostCredit);
}

void SlowStart::spend() {
  credit_ = std::max(credit_ - 1, 0.0);
}

}  // namespace sluice::upstream
