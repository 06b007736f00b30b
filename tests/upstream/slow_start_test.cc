// SPDX-License-Identifier: MIT
#include "upstream/slow_start.h"

#include <algorithm>

#include "tests/upstream/group.h"

namespace sluice::upstream {
namespace {

// A fails at the start and is well again 11 s later; `settings` may change the method.
struct Recovery {
  explicit Recovery(const std::string& method, std::uint32_t weight = 1)
      : group({weighing(weight), weighing(1), weighing(1)}) {
    group.settings.method = method;
    group.settings.servers[0].slow_start = 100s;
    Tries tries;
    for (bool failed = false; !failed;) {
      tries.restart({}, {});
      const Asked asked = *group.upstream().next(tries, kStart);
      failed = Group::letter(asked) == 'A';
      group.upstream().report(asked, failed ? failure_at(kStart) : success_at(kStart));
    }
    while (group.ask(now) != 'A') {
    }
  }

  // A's share of 3,000 requests, 1,000 a second.
  double share() {
    int picks = 0;
    for (int i = 0; i < 3000; ++i) {
      now += std::chrono::milliseconds(1);
      picks += group.ask(now) == 'A' ? 1 : 0;
    }
    return picks / 3000.0;
  }

  Group group;
  Clock::time_point now = kStart + 11s;
};

TEST(SlowStart, GivesAPeerItsShareBackLittleByLittle) {
  for (const char* method : {"", "least_conn"}) {
    Recovery recovery{method};
    const Clock::time_point began = recovery.now;
    double last = 0;
    for (const auto& [after, expected] :
         {std::pair{5s, 0.02}, std::pair{25s, 0.085}, std::pair{50s, 0.17}, std::pair{90s, 0.30}}) {
      recovery.now = began + after;
      const double share = recovery.share();
      EXPECT_NEAR(share, expected, 0.02) << method << " after " << after.count() << " s";
      EXPECT_GT(share, last);
      last = share;
    }
    recovery.now = began + 101s;
    EXPECT_NEAR(recovery.share(), 1.0 / 3, 0.005) << method;
  }
}

TEST(SlowStart, GrowsToTheShareOfTheWeight) {
  Recovery recovery{"", 8};
  const Clock::time_point began = recovery.now;
  recovery.now = began + 50s;
  EXPECT_NEAR(recovery.share(), 0.41, 0.02);
  recovery.now = began + 101s;
  EXPECT_NEAR(recovery.share(), 0.8, 0.005);
}

TEST(SlowStart, DoesNotHoldBackTheLastPeerThereIs) {
  Recovery recovery{""};
  for (int peer = 0; peer < 2; ++peer) {  // B and C fail
    Tries tries;
    tries.restart({}, {});
    const Asked asked = *recovery.group.upstream().next(tries, recovery.now);
    ASSERT_NE(Group::letter(asked), 'A');
    recovery.group.upstream().report(asked, failure_at(recovery.now));
  }
  EXPECT_EQ(recovery.group.ask(recovery.now), 'A');
  EXPECT_EQ(recovery.group.ask(recovery.now), 'A');
}

TEST(SlowStart, IsOffUnlessConfigured) {
  SlowStart none{0s};
  none.begin(kStart);
  EXPECT_FALSE(none.is_held_back());
}

TEST(SlowStart, EndsWhenThePeerRests) {
  SlowStart slow{10s};
  slow.begin(kStart);
  EXPECT_TRUE(slow.is_held_back());
  slow.end();
  EXPECT_FALSE(slow.is_running());
}

}  // namespace
}  // namespace sluice::upstream
