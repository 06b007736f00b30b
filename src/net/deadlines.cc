// SPDX-License-Identifier: MIT
#include "net/deadlines.h"

#include <algorithm>

namespace sluice::net {

void Deadline::disarm() {
  if (next_ == nullptr) {
    return;
  }
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = nullptr;
}

Deadlines::Deadlines(SteadyTime now, std::function<void(SteadyTime)> wake_at)
    : origin_(now), wake_at_(std::move(wake_at)) {
  for (Slot& slot : slots_) {
    slot.next_ = slot.previous_ = &slot;
  }
}

Deadlines::~Deadlines() {
  for (Slot& slot : slots_) {
    while (slot.next_ != &slot) {
      slot.next_->disarm();
    }
    slot.next_ = nullptr;
  }
}

std::uint64_t Deadlines::tick_of(SteadyTime time) const {
  return static_cast<std::uint64_t>((time - origin_) / kTick);
}

void Deadlines::arm(Deadline& deadline, SteadyTime now, Milliseconds after) {
  deadline.disarm();
  // The present tick is partly over, so one more makes "not early" true.
  const std::uint64_t tick = std::max(tick_of(now + after) + 1, turned_to_ + 1);
  deadline.tick_ = tick;
  Slot& slot = slots_[tick % kSlots];
  deadline.previous_ = slot.previous_;
  deadline.next_ = &slot;
  slot.previous_->next_ = &deadline;
  slot.previous_ = &deadline;
  if (wake_tick_ == 0 || tick < wake_tick_) {
    ask_for(tick);
  }
}

void Deadlines::ask_for(std::uint64_t tick) {
  wake_tick_ = tick;
  wake_at_(origin_ + tick * kTick);
}

void Deadlines::turn(SteadyTime now) {
  const std::uint64_t target = tick_of(now);
  wake_tick_ = 0;
  const std::uint64_t first = turned_to_ + 1;
  const std::uint64_t last = std::min(target, turned_to_ + kSlots);  // a revolution sees all slots
  turned_to_ = std::max(turned_to_, target);
  for (std::uint64_t tick = first; tick <= last; ++tick) {
    // Expiring may arm and disarm others, also in this slot: take the due ones out first.
    Slot& slot = slots_[tick % kSlots];
    Slot due;
    due.next_ = due.previous_ = &due;
    for (Deadline* entry = slot.next_; entry != &slot;) {
      Deadline* const next = entry->next_;
      if (entry->tick_ <= target) {
        entry->disarm();
        entry->previous_ = due.previous_;
        entry->next_ = &due;
        due.previous_->next_ = entry;
        due.previous_ = entry;
      }
      entry = next;
    }
    while (due.next_ != &due) {
      Deadline* const entry = due.next_;
      entry->disarm();
      entry->expired();
    }
    due.next_ = nullptr;
  }
  // Wake for the next slot that holds anything.  It may hold later rounds only: then the wheel
  // wakes once per revolution for nothing, which costs less than keeping a sorted list.
  for (std::uint64_t tick = turned_to_ + 1; tick <= turned_to_ + kSlots; ++tick) {
    if (slots_[tick % kSlots].next_ != &slots_[tick % kSlots]) {
      if (wake_tick_ == 0 || tick < wake_tick_) {
        ask_for(tick);
      }
      break;
    }
  }
}

}  // namespace sluice::net
