// SPDX-License-Identifier: MIT
// What is known of one descriptor's readiness, and who waits for it.
//
// Edge-triggered: a flag says "may be ready" until an attempt finds that it is not, so the usual
// read or write is tried without asking the kernel first.  Belongs to one loop.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::net {

class Loop;
class Reactor;
class Watch;

enum class Until : std::uint8_t {
  readable,
  writable,
  hung_up,  // the other side closed its half or all: seen without reading
  never,    // nothing but cancel() and the deadline end the wait
};
inline constexpr std::size_t kUntils = 4;

// Somebody who waits.  Called by the reactor (or by cancel) with the waiter already taken off.
class Waiter {
 public:
  virtual void woken(Watch& watch, Until until, bool cancelled) = 0;

 protected:
  ~Waiter() = default;
};

// One thing to wait for.  Without a watch: nothing, as if it were not there.
struct Interest {
  Watch* watch = nullptr;
  Until until = Until::readable;
};

class Watch {
 public:
  enum class Trigger : std::uint8_t { edge, level };

  // Puts `descriptor` under the loop's eyes; it must be closed after this object has gone.
  Watch(Loop& loop, int descriptor, Trigger trigger = Trigger::edge);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  [[nodiscard]] bool ready(Until until) const { return ready_[index(until)]; }
  void set_ready(Until until) { ready_[index(until)] = true; }
  // An attempt found nothing to do.
  void clear(Until until) { ready_[index(until)] = false; }

  // One waiter at a time for each of the four.
  void set_waiter(Until until, Waiter* waiter) { waiters_[index(until)] = waiter; }
  // Wakes the one coroutine that waits here: its wait is called off.  `this` may be gone
  // afterwards.
  void cancel();
  // Does somebody wait here?
  [[nodiscard]] bool is_awaited() const {
    return std::ranges::any_of(waiters_, [](const Waiter* waiter) { return waiter != nullptr; });
  }
  // For level triggers: no news until resume().
  void pause();
  void resume();

  [[nodiscard]] Loop& loop() const { return *loop_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  friend class Reactor;
  static std::size_t index(Until until) { return static_cast<std::size_t>(until); }

  Loop* loop_;
  Watch* next_ = nullptr;  // all watches of the reactor
  Watch* previous_ = nullptr;
  std::array<Waiter*, kUntils> waiters_{};
  int descriptor_;
  const Trigger trigger_;
  std::array<bool, kUntils> ready_{};
};

}  // namespace sluice::net
