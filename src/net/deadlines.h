// SPDX-License-Identifier: MIT
// Every timeout of a worker on one wheel: arming and disarming are a few pointer writes, and one
// timer of the loop wakes the wheel when something may be due.
//
// Deadlines are rounded up to ticks of 10 ms, so none fires early.  Belongs to one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>

namespace sluice::net {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

class Deadlines;

// Something that may run out of time.  Disarms itself when it goes.
class Deadline {
 public:
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  [[nodiscard]] bool armed() const { return next_ != nullptr; }
  void disarm();

 protected:
  ~Deadline() { disarm(); }
  // Called once by the wheel, already disarmed.
  virtual void expired() = 0;

 private:
  friend class Deadlines;
  Deadline* next_ = nullptr;
  Deadline* previous_ = nullptr;
  std::uint64_t tick_ = 0;
};

class Deadlines {
 public:
  // `wake_at` is called when the wheel has to turn earlier than it asked for before.
  Deadlines(SteadyTime now, std::function<void(SteadyTime)> wake_at);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  // (Re)arms.  `after` of zero or less is due at the next tick.
  void arm(Deadline& deadline, SteadyTime now, Milliseconds after);
  // Lets everything due expire; asks for the next wake-up when anything is left.
  void turn(SteadyTime now);

 private:
  static constexpr std::chrono::milliseconds kTick{10};
  static constexpr std::size_t kSlots = 1024;  // one revolution: 10.24 s; longer ones go round

  struct Slot final : Deadline {
    void expired() override {}
  };

  [[nodiscard]] std::uint64_t tick_of(SteadyTime time) const;
  void ask_for(std::uint64_t tick);

  SteadyTime origin_;
  std::uint64_t turned_to_ = 0;     // every tick up to this one was looked at
  std::uint64_t wake_tick_ = 0;     // the wake-up asked for; 0: none
  std::array<Slot, kSlots> slots_;  // heads of circular lists
  std::function<void(SteadyTime)> wake_at_;
};

}  // namespace sluice::net
