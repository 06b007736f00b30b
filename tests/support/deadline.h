// SPDX-License-Identifier: MIT
// How long a test waits for what must happen, before it fails instead of hanging.
#pragma once

#include <algorithm>
#include <chrono>

namespace sluice::tests {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr milliseconds kPatience{60'000};  // sanitizers are slow, and CI has two cores
#else
inline constexpr milliseconds kPatience{10'000};
#endif

// A point in time, and what is left until then in the form poll(2) wants.
class Deadline {
 public:
  explicit Deadline(milliseconds patience = kPatience) : end_(Clock::now() + patience) {}
  [[nodiscard]] Clock::time_point end() const { return end_; }
  [[nodiscard]] bool passed() const { return Clock::now() >= end_; }
  [[nodiscard]] int poll_timeout() const {
    const auto left = std::chrono::ceil<milliseconds>(end_ - Clock::now());
    return static_cast<int>(std::max<milliseconds::rep>(left.count(), 0));
  }

 private:
  Clock::time_point end_;
};

}  // namespace sluice::tests
