// SPDX-License-Identifier: MIT
// How a coroutine waits: for the first of some conditions, under one deadline.
//
//   const std::error_code error = co_await wait(60s, client.readable());
//   const Woken woken = co_await wait_any(60s, peer.readable(), client.hung_up());
#pragma once

#include <array>
#include <coroutine>
#include <cstddef>
#include <system_error>

#include "net/deadlines.h"
#include "net/error.h"
#include "net/loop.h"
#include "net/watch.h"

namespace sluice::net {

inline constexpr Milliseconds kForever = Milliseconds::max();

struct Woken {
  std::size_t which = 0;  // index of the condition; meaningless with an error
  std::error_code error;  // Errc::timed_out or Errc::cancelled
};

// The first of the interests must have a watch.
template <std::size_t N>
class [[nodiscard]] WaitAny : private Waiter, private Deadline {
 public:
  WaitAny(Milliseconds timeout, const std::array<Interest, N>& interests)
      : interests_(interests), timeout_(timeout) {}

  bool await_ready() {
    Loop& loop = interests_[0].watch->loop();
    if (loop.stopping()) {
      result_.error = Errc::cancelled;
      return true;
    }
    for (std::size_t i = 0; i < N; ++i) {
      const Interest& interest = interests_[i];
      if (interest.watch != nullptr && interest.watch->ready(interest.until)) {
        result_.which = i;
        return true;
      }
    }
    return false;
  }

  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    set_waiter(this);
    if (timeout_ != kForever) {
      Loop& loop = interests_[0].watch->loop();
      loop.deadlines().arm(*this, loop.steady_now(), timeout_);
    }
  }

  Woken await_resume() const { return result_; }

 private:
  void woken(Watch& watch, Until until, bool cancelled) override {
    for (std::size_t i = 0; i < N; ++i) {
      if (interests_[i].watch == &watch && interests_[i].until == until) {
        result_.which = i;
      }
    }
    finish(cancelled ? make_error_code(Errc::cancelled) : std::error_code{});
  }

  void expired() override { finish(Errc::timed_out); }

  void finish(std::error_code error) {
    set_waiter(nullptr);
    disarm();
    result_.error = error;
    waiting_.resume();
  }

  void set_waiter(Waiter* waiter) {
    for (const Interest& interest : interests_) {
      if (interest.watch != nullptr) {
        interest.watch->set_waiter(interest.until, waiter);
      }
    }
  }

  std::array<Interest, N> interests_;
  Milliseconds timeout_;
  Woken result_;
  std::coroutine_handle<> waiting_;
};

template <class... Interests>
WaitAny<sizeof...(Interests)> wait_any(Milliseconds timeout, Interests... interests) {
  return {timeout, {interests...}};
}

class [[nodiscard]] WaitOne : public WaitAny<1> {
 public:
  using WaitAny<1>::WaitAny;
  std::error_code await_resume() const { return WaitAny<1>::await_resume().error; }
};

inline WaitOne wait(Milliseconds timeout, Interest interest) {
  return {timeout, {interest}};
}

}  // namespace sluice::net
