// SPDX-License-Identifier: MIT
#include "net/deadlines.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace sluice::net {
namespace {

using namespace std::chrono_literals;

class Alarm final : public Deadline {
 public:
  explicit Alarm(std::function<void()> on_expiry = {}) : on_expiry_(std::move(on_expiry)) {}
  int rung = 0;

 private:
  void expired() override {
    ++rung;
    if (on_expiry_) {
      on_expiry_();
    }
  }
  std::function<void()> on_expiry_;
};

struct Wheel {
  SteadyTime start{};
  SteadyTime wake{};
  int wakes = 0;
  Deadlines deadlines{start, [this](SteadyTime when) {
                        wake = when;
                        ++wakes;
                      }};
};

TEST(Deadlines, RingWhenTheirTimeIsOverAndNotBefore) {
  Wheel wheel;
  Alarm alarm;
  wheel.deadlines.arm(alarm, wheel.start, 100ms);
  wheel.deadlines.turn(wheel.start + 99ms);
  EXPECT_EQ(alarm.rung, 0);
  wheel.deadlines.turn(wheel.start + 120ms);
  EXPECT_EQ(alarm.rung, 1);
  wheel.deadlines.turn(wheel.start + 50s);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(Deadlines, AskToBeWokenInTimeForTheEarliest) {
  Wheel wheel;
  Alarm late;
  Alarm early;
  wheel.deadlines.arm(late, wheel.start, 60s);
  wheel.deadlines.arm(early, wheel.start, 200ms);
  EXPECT_GE(wheel.wake, wheel.start + 200ms);
  EXPECT_LE(wheel.wake, wheel.start + 220ms);
}

TEST(Deadlines, DoNotRingOnceDisarmed) {
  Wheel wheel;
  Alarm alarm;
  wheel.deadlines.arm(alarm, wheel.start, 100ms);
  alarm.disarm();
  EXPECT_FALSE(alarm.armed());
  wheel.deadlines.turn(wheel.start + 1s);
  EXPECT_EQ(alarm.rung, 0);
}

TEST(Deadlines, MayBeArmedAgainToALaterTime) {
  Wheel wheel;
  Alarm alarm;
  wheel.deadlines.arm(alarm, wheel.start, 100ms);
  wheel.deadlines.arm(alarm, wheel.start + 50ms, 100ms);
  wheel.deadlines.turn(wheel.start + 120ms);
  EXPECT_EQ(alarm.rung, 0);
  wheel.deadlines.turn(wheel.start + 170ms);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(Deadlines, GoRoundTheWheelWhenLongerThanARevolution) {
  Wheel wheel;
  Alarm alarm;
  wheel.deadlines.arm(alarm, wheel.start, 75s);
  for (auto time = 0s; time < 75s; time += 1s) {
    wheel.deadlines.turn(wheel.start + time);
    ASSERT_EQ(alarm.rung, 0);
  }
  wheel.deadlines.turn(wheel.start + 76s);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(Deadlines, MayArmAndDestroyOthersWhileTheyRing) {
  Wheel wheel;
  auto doomed = std::make_unique<Alarm>();
  Alarm next;
  Alarm first{[&] {
    doomed.reset();
    wheel.deadlines.arm(next, wheel.start + 100ms, 100ms);
  }};
  wheel.deadlines.arm(first, wheel.start, 50ms);
  wheel.deadlines.arm(*doomed, wheel.start, 50ms);
  wheel.deadlines.turn(wheel.start + 100ms);
  EXPECT_EQ(first.rung, 1);
  EXPECT_EQ(next.rung, 0);
  wheel.deadlines.turn(wheel.start + 250ms);
  EXPECT_EQ(next.rung, 1);
}

TEST(Deadlines, AllRingWithinTwoTicksOfTheirTimeWhateverTheirOrder) {
  std::mt19937 random{7};
  Wheel wheel;
  std::vector<std::unique_ptr<Alarm>> alarms;
  std::vector<Milliseconds> due;
  for (int i = 0; i < 500; ++i) {
    due.emplace_back(std::uniform_int_distribution<int>(0, 40'000)(random));
    alarms.push_back(std::make_unique<Alarm>());
    wheel.deadlines.arm(*alarms.back(), wheel.start, due.back());
  }
  for (auto time = 0ms; time <= 41'000ms; time += 10ms) {
    wheel.deadlines.turn(wheel.start + time);
    for (std::size_t i = 0; i < alarms.size(); ++i) {
      if (time < due[i]) {
        ASSERT_EQ(alarms[i]->rung, 0);
      } else if (time > due[i] + 20ms) {
        ASSERT_EQ(alarms[i]->rung, 1);
      }
    }
  }
}

}  // namespace
}  // namespace sluice::net
