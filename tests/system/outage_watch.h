// SPDX-License-Identifier: MIT
// A client that asks again and again, each time over a new connection, until told to stop, and
// notes how often that failed and for how long.  A failure does not fail the test: that is the
// test's to say.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "tests/support/deadline.h"

namespace sluice::tests {

class OutageWatch {
 public:
  // What is not status 200 with this body, whole, has failed.
  explicit OutageWatch(std::string address, std::string body = "Hello, Tornado");
  ~OutageWatch() { stop(); }
  OutageWatch(const OutageWatch&) = delete;
  OutageWatch& operator=(const OutageWatch&) = delete;

  void stop();
  [[nodiscard]] int answers() const;
  [[nodiscard]] int failures() const;
  // From the start of the first request that failed to the end of the next that did not; the
  // longest.
  [[nodiscard]] milliseconds outage() const;
  // Waits for that many right answers from now on.  False: they did not come in time.
  [[nodiscard]] bool wait_for_answers(int more, milliseconds patience = kPatience);

 private:
  void run();
  [[nodiscard]] bool ask() const;
  void note(bool is_right, Clock::time_point began);

  std::string address_, body_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  int answers_ = 0;
  int failures_ = 0;
  bool failing_ = false;
  Clock::time_point failing_since_;
  Clock::duration outage_{0};
  std::thread thread_;
};

}  // namespace sluice::tests
