// SPDX-License-Identifier: MIT
// How long poll(2) may wait until a time has come.
#pragma once

#include <algorithm>
#include <chrono>

namespace sluice::log {

// Milliseconds, rounded up and a minute at most; -1, for ever, when `time` is the latest of all.
// Times past, the earliest of all among them, are now.
inline int poll_timeout(std::chrono::steady_clock::time_point time,
                        std::chrono::steady_clock::time_point now) {
  using std::chrono::milliseconds;
  if (time == std::chrono::steady_clock::time_point::max()) {
    return -1;
  }
  if (time <= now) {
    return 0;  // before the difference, which may be more than there are numbers for
  }
  const auto left = std::chrono::ceil<milliseconds>(time - now);
  return static_cast<int>(std::min<milliseconds::rep>(left.count(), 60'000));
}

}  // namespace sluice::log
