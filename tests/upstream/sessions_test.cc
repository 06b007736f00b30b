// SPDX-License-Identifier: MIT
#include "upstream/sessions.h"

#include <gtest/gtest.h>

namespace sluice::upstream {
namespace {

using namespace std::chrono_literals;

constexpr auto kStart = balancers::Clock::time_point{} + 1000s;

confparse::StickySettings settings(std::uint64_t zone = 32768) {
  confparse::StickySettings settings;
  settings.zone_size = zone;
  settings.timeout = 10s;
  return settings;
}

std::string route_of(Sessions& sessions, std::string_view session,
                     balancers::Clock::time_point now = kStart) {
  std::string route;
  return sessions.find(session, now, route) ? route : "-";
}

TEST(Sessions, RememberTheirPeer) {
  Sessions sessions{settings()};
  EXPECT_EQ(route_of(sessions, "x"), "-");
  sessions.note("x", "a", true, kStart);
  sessions.note("y", "b", true, kStart);
  EXPECT_EQ(route_of(sessions, "x"), "a");
  EXPECT_EQ(route_of(sessions, "y"), "b");
}

TEST(Sessions, GoWithThePeerThatAnsweredLast) {
  Sessions sessions{settings()};
  sessions.note("x", "a", true, kStart);
  sessions.note("x", "b", false, kStart);
  EXPECT_EQ(route_of(sessions, "x"), "b");
}

TEST(Sessions, AreNotMadeWithoutBeingCreated) {
  Sessions sessions{settings()};
  sessions.note("x", "a", false, kStart);
  EXPECT_EQ(sessions.size(), 0u);
}

TEST(Sessions, AreForgottenWhenNobodyComes) {
  Sessions sessions{settings()};
  sessions.note("x", "a", true, kStart);
  sessions.note("y", "a", true, kStart);
  sessions.note("x", "a", false, kStart + 9s);
  EXPECT_EQ(route_of(sessions, "y", kStart + 11s), "-");
  EXPECT_EQ(route_of(sessions, "x", kStart + 11s), "a");
  EXPECT_EQ(route_of(sessions, "x", kStart + 20s), "-");
  EXPECT_EQ(sessions.size(), 0u);
}

TEST(Sessions, MakeRoomByForgettingTheOneUsedLongestAgo) {
  Sessions sessions{settings(3 * 128)};
  for (const char* session : {"x", "y", "z"}) {
    sessions.note(session, "a", true, kStart);
  }
  sessions.note("x", "a", false, kStart);
  sessions.note("new", "b", true, kStart);
  EXPECT_EQ(sessions.size(), 3u);
  EXPECT_EQ(route_of(sessions, "y"), "-");
  EXPECT_EQ(route_of(sessions, "x"), "a");
  EXPECT_EQ(route_of(sessions, "new"), "b");
}

}  // namespace
}  // namespace sluice::upstream
