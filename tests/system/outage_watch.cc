// SPDX-License-Identifier: MIT
#include "tests/system/outage_watch.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/sockets.h"

namespace sluice::tests {

OutageWatch::OutageWatch(std::string address, std::string body)
    : address_(std::move(address)), body_(std::move(body)), thread_([this] { run(); }) {}

void OutageWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

int OutageWatch::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

int OutageWatch::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

milliseconds OutageWatch::outage() const {
  const std::lock_guard lock(mutex_);
  return std::chrono::ceil<milliseconds>(outage_);
}

bool OutageWatch::wait_for_answers(int more, milliseconds patience) {
  std::unique_lock lock(mutex_);
  const int wanted = answers_ + more;
  return changed_.wait_until(lock, Deadline(patience).end(), [&] { return answers_ >= wanted; });
}

void OutageWatch::run() {
  // Without the pause, refused connections alone would keep a core from whoever is to come back.
  constexpr milliseconds kPace{1};
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto began = Clock::now();
    const bool is_right = ask();
    lock.lock();
    note(is_right, began);
    changed_.wait_for(lock, kPace, [this] { return stopping_; });
  }
}

bool OutageWatch::ask() const {
  try {
    const Socket socket = connect_to(address_);
    const Deadline deadline;
    std::string answer;
    if (!send_all(socket, "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", deadline)) {
      return false;
    }
    ReadResult result = ReadResult::bytes;
    while (result == ReadResult::bytes) result = read_some(socket, answer, deadline);
    return result == ReadResult::end && answer.starts_with("HTTP/1.1 200 ") &&
           answer.ends_with("\r\n\r\n" + body_);
  } catch (const std::runtime_error&) {
    return false;  // refused
  }
}

void OutageWatch::note(bool is_right, Clock::time_point began) {
  if (is_right) {
    ++answers_;
    if (failing_) outage_ = std::max(outage_, Clock::now() - failing_since_);
    failing_ = false;
  } else {
    ++failures_;
    if (!failing_) failing_since_ = began;
    failing_ = true;
  }
  changed_.notify_all();
}

}  // namespace sluice::tests
