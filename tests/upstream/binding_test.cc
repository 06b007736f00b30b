// SPDX-License-Identifier: MIT
// Requests that are bound to a peer: `route=`, `drain`, and what is tried before the method.
#include "tests/upstream/group.h"

namespace sluice::upstream {
namespace {

confparse::UpstreamServer routed(const std::string& route) {
  confparse::UpstreamServer server;
  server.route = route;
  return server;
}

// One request that is bound to this route, and answered at once.
char ask_bound(Group& group, std::string_view route, Clock::time_point now = kStart) {
  Tries tries;
  tries.restart({}, {}, route);
  const auto asked = group.upstream().next(tries, now);
  if (!asked) {
    return '-';
  }
  group.upstream().report(*asked, success_at(now));
  return Group::letter(*asked);
}

TEST(Binding, GoesBeforeTheMethod) {
  Group group({routed("a"), routed("b"), routed("c")});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ask_bound(group, "c"), 'C');
  }
  EXPECT_EQ(group.picks(3), "ABC");  // and uses up nobody's turn
}

TEST(Binding, GoesByAHashOfTheAddressWithoutARoute) {
  Group group({{}, {}});
  EXPECT_EQ(ask_bound(group, "abf7a7b4e5522108bc46650d856ec400"), 'B');  // 127.0.0.1:2
}

TEST(Binding, IsNoneWhenNobodyHasThatRoute) {
  Group group({routed("a"), routed("b")});
  EXPECT_EQ(ask_bound(group, "x"), 'A');
  EXPECT_EQ(ask_bound(group, "x"), 'B');
}

TEST(Binding, IsLeftToTheMethodWhenThePeerMayNotBeAsked) {
  confparse::UpstreamServer gone = routed("b");
  gone.down = true;
  Group group({routed("a"), gone, routed("c")});
  EXPECT_EQ(ask_bound(group, "b"), 'A');
  EXPECT_EQ(ask_bound(group, "b"), 'C');
}

TEST(Binding, IsLeftToTheMethodForTheNextTry) {
  Group group({routed("a"), routed("b"), routed("c")});
  Tries tries;
  tries.restart({}, {}, "b");
  std::string asked;
  while (const auto peer = group.upstream().next(tries, kStart)) {
    asked.push_back(Group::letter(*peer));
    group.upstream().report(*peer, failure_at(kStart));
  }
  EXPECT_EQ(asked, "BAC");
}

TEST(Binding, IsCountedByTheMethod) {
  Group group({routed("a"), routed("b")});
  group.settings.method = "least_conn";
  Tries tries;
  tries.restart({}, {}, "a");
  ASSERT_TRUE(group.upstream().next(tries, kStart));  // held
  EXPECT_EQ(group.picks(3), "BBB");
}

TEST(Binding, LeavesTheHashOfARequestAlone) {
  Group group({routed("a"), routed("b"), routed("c")});
  group.settings.method = "hash";
  group.settings.method_words = {"$request_uri"};
  const auto walk = [&](std::string_view bound_to) {
    Tries tries;
    tries.restart({}, "/page", bound_to);
    std::string asked;
    while (const auto peer = group.upstream().next(tries, kStart)) {
      asked.push_back(Group::letter(*peer));
      group.upstream().report(*peer, {.called_off = true, .now = kStart});
    }
    return asked;
  };
  const std::string free = walk({});
  const std::string route{static_cast<char>(free[2] - 'A' + 'a')};
  const std::string expected{free[2], free[0], free[1]};
  EXPECT_EQ(walk(route), expected);
}

TEST(Drain, KeepsThoseWhoAreBoundAndTakesNobodyNew) {
  confparse::UpstreamServer leaving = routed("b");
  leaving.drain = true;
  Group group({routed("a"), leaving, routed("c")});
  EXPECT_EQ(group.picks(4), "ACAC");
  EXPECT_EQ(ask_bound(group, "b"), 'B');
}

TEST(Drain, TakesNobodyAfterAFailure) {
  confparse::UpstreamServer leaving = routed("b");
  leaving.drain = true;
  Group group({routed("a"), leaving});
  Tries tries;
  tries.restart({}, {});
  const auto asked = group.upstream().next(tries, kStart);
  group.upstream().report(*asked, failure_at(kStart));
  EXPECT_FALSE(Upstream::may_retry(tries));
}

}  // namespace
}  // namespace sluice::upstream
