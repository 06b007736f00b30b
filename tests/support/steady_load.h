// SPDX-License-Identifier: MIT
// Requests without a pause from several clients, until told to stop: how many got no answer?
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace sluice::tests {

class SteadyLoad {
 public:
  enum class Connections : std::uint8_t { kept, fresh };
  // Every request is a GET of `path`; an answer with another status than 200 is a failure.
  SteadyLoad(const std::string& address, std::size_t clients, Connections connections,
             const std::string& path = "/");
  ~SteadyLoad();
  SteadyLoad(const SteadyLoad&) = delete;
  SteadyLoad& operator=(const SteadyLoad&) = delete;

  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  // Returns when so many more have been answered; fails the test when they are not.
  void wait_for_more(std::uint64_t answers);
  void stop();
  // From the first failure to the last.
  [[nodiscard]] std::chrono::microseconds failing_time() const;

 private:
  void send(const std::string& address, Connections connections, const std::string& path);
  void note_failure();

  std::atomic<bool> stopped_ = false;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::atomic<std::int64_t> first_failure_ = 0;
  std::atomic<std::int64_t> last_failure_ = 0;
  std::vector<std::thread> clients_;
};

}  // namespace sluice::tests
