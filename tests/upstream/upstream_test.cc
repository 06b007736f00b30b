// SPDX-License-Identifier: MIT
#include "upstream/upstream.h"

#include <thread>

#include "tests/balancers/allocations.h"
#include "tests/upstream/group.h"

namespace sluice::upstream {
namespace {

TEST(Upstream, AsksItsPeersInTurn) {
  EXPECT_EQ(Group({{}, {}, {}}).picks(6), "ABCABC");
}

TEST(Upstream, FollowsTheWeights) {
  EXPECT_EQ(Group({weighing(5), weighing(1), weighing(1)}).picks(7), "AABACAA");
}

TEST(Upstream, NeverAsksAPeerThatIsDown) {
  EXPECT_EQ(Group({{}, down(), {}}).picks(4), "ACAC");
}

TEST(Upstream, AsksEachPeerOnceForOneRequest) {
  Group group({{}, {}, {}});
  Tries tries;
  tries.restart({}, {});
  std::string asked;
  while (const auto peer = group.upstream().next(tries, kStart)) {
    asked.push_back(Group::letter(*peer));
    group.upstream().report(*peer, failure_at(kStart));
  }
  EXPECT_EQ(asked, "ABC");
  EXPECT_FALSE(Upstream::may_retry(tries));
}

TEST(Upstream, LetsAFailedPeerRestAndAsksItAgainAfterwards) {
  Group group({{}, {}});
  Tries tries;
  tries.restart({}, {});
  const auto failing = group.upstream().next(tries, kStart);
  ASSERT_TRUE(failing);
  EXPECT_TRUE(group.upstream().report(*failing, failure_at(kStart)) == HealthChange::rests);
  EXPECT_EQ(group.picks(4), "BBBB");
  std::string later;
  for (int i = 0; i < 4; ++i) {
    later.push_back(group.ask(kStart + 11s));
  }
  EXPECT_NE(later.find('A'), std::string::npos);
}

TEST(Upstream, SaysWhenAPeerHasRecovered) {
  Group group({{}, {}});
  Tries tries;
  tries.restart({}, {});
  auto asked = group.upstream().next(tries, kStart);
  group.upstream().report(*asked, failure_at(kStart));
  HealthChange change;
  for (int i = 0; i < 4 && change == HealthChange::none; ++i) {
    tries.restart({}, {});
    asked = group.upstream().next(tries, kStart + 11s);
    change = group.upstream().report(*asked, success_at(kStart + 11s));
  }
  EXPECT_TRUE(change == HealthChange::recovered);
  EXPECT_EQ(change.since, kStart);
}

TEST(Upstream, SaysOnceThatAPeerRests) {
  Group group({{}, {}});
  std::array<Tries, 4> tries;
  std::vector<Asked> asked;
  for (Tries& one : tries) {
    one.restart({}, {});
    asked.push_back(*group.upstream().next(one, kStart));
  }
  // Two were sent to A; that the second fails as well is no news.
  EXPECT_TRUE(group.upstream().report(asked[0], failure_at(kStart)) == HealthChange::rests);
  EXPECT_TRUE(group.upstream().report(asked[2], failure_at(kStart)) == HealthChange::none);
}

TEST(Upstream, SaysThatAProbeFailedAndSinceWhenThePeerRests) {
  Group group({{}, {}});
  Tries tries;
  tries.restart({}, {});
  group.upstream().report(*group.upstream().next(tries, kStart), failure_at(kStart));
  HealthChange change;
  for (int i = 0; i < 4 && change == HealthChange::none; ++i) {
    tries.restart({}, {});
    const Asked asked = *group.upstream().next(tries, kStart + 11s);
    change = group.upstream().report(
        asked, Group::letter(asked) == 'A' ? failure_at(kStart + 11s) : success_at(kStart + 11s));
  }
  EXPECT_TRUE(change == HealthChange::rests);
  EXPECT_EQ(change.since, kStart);
  EXPECT_EQ(change.fails, 2u);
}

TEST(Upstream, InheritsTheHealthOfPeersThatStay) {
  Group before({{}, {}});
  Tries tries;
  tries.restart({}, {});
  before.upstream().report(*before.upstream().next(tries, kStart), failure_at(kStart));
  Group after({{}, {}, {}});
  after.upstream().inherit(before.upstream());
  EXPECT_EQ(after.picks(4), "BCBC");  // A rests
  Group other({weighing(5)});
  other.settings.servers[0].address = "127.0.0.1:9";
  other.upstream().inherit(before.upstream());
  EXPECT_NE(other.ask(), '-');
}

TEST(Upstream, AsksHealthyPeersOfEqualWeightsWithoutAllocating) {
  Group group({{}, {}, {}, {}});
  Tries tries;
  const auto ask = [&](int times) {
    while (times-- > 0) {
      tries.restart({}, {});
      const auto asked = group.upstream().next(tries, kStart);
      group.upstream().report(*asked, success_at(kStart));
    }
  };
  ask(10);
  const std::size_t before = balancers::allocations();
  ask(1000);
  EXPECT_EQ(balancers::allocations(), before);
}

TEST(Upstream, AsksBackupsOnlyWhenNoPrimaryMayBe) {
  Group group({{}, backup(), backup()});
  EXPECT_EQ(group.picks(3), "AAA");
  Tries tries;
  tries.restart({}, {});
  std::string asked;
  while (const auto peer = group.upstream().next(tries, kStart)) {
    asked.push_back(Group::letter(*peer));
    group.upstream().report(*peer, failure_at(kStart));
  }
  EXPECT_EQ(asked, "ABC");
  EXPECT_EQ(group.ask(kStart), '-');  // all of them rest
}

TEST(Upstream, AsksBackupsByTheMethodOfThePrimaries) {
  confparse::UpstreamServer full;
  full.max_connections = 1;
  Group group({full, backup(), backup()});
  group.settings.method = "least_conn";
  Tries tries;
  const auto hold = [&] {
    tries.restart({}, {});
    return *group.upstream().next(tries, kStart);
  };
  hold();  // A is full from now on
  const Asked b = hold();
  const Asked c = hold();
  EXPECT_EQ(Group::letter(b), 'B');
  EXPECT_EQ(Group::letter(c), 'C');
  group.upstream().report(c, success_at(kStart));
  EXPECT_EQ(Group::letter(hold()), 'C');  // in turn it would be B's
}

TEST(Upstream, NeverRestsItsOnlyPeer) {
  Group group({confparse::UpstreamServer{}});
  for (int i = 0; i < 3; ++i) {
    Tries tries;
    tries.restart({}, {});
    const auto asked = group.upstream().next(tries, kStart);
    ASSERT_TRUE(asked);
    group.upstream().report(*asked, failure_at(kStart));
    EXPECT_FALSE(Upstream::may_retry(tries));
  }
}

TEST(Upstream, RespectsMaxConns) {
  confparse::UpstreamServer narrow;
  narrow.max_connections = 1;
  Group group({narrow, {}});
  Tries first;
  first.restart({}, {});
  const auto held = group.upstream().next(first, kStart);
  ASSERT_TRUE(held);
  EXPECT_EQ(Group::letter(*held), 'A');
  EXPECT_EQ(group.picks(3), "BBB");
  group.upstream().report(*held, success_at(kStart));
  EXPECT_NE(group.picks(2).find('A'), std::string::npos);
}

TEST(Upstream, IsDeadUntilItsOnlyNameResolves) {
  Group group({confparse::UpstreamServer{}});
  group.settings.servers[0].address = "not-yet:80";
  group.made = std::make_unique<Upstream>(
      group.settings, std::vector<Upstream::Server>{{&group.settings.servers[0], {}}}, 0);
  EXPECT_EQ(group.ask(), '-');
  EXPECT_FALSE(group.upstream().has_addresses(group.settings.servers[0]));
  group.upstream().add_addresses(group.settings.servers[0], {*net::Address::parse("127.0.0.1:1")});
  EXPECT_TRUE(group.upstream().has_addresses(group.settings.servers[0]));
  EXPECT_EQ(group.ask(), 'A');
}

TEST(Upstream, SharesPicksExactlyAmongThreads) {
  Group group({{}, {}, {}, {}});
  Upstream& upstream = group.upstream();
  std::array<std::atomic<int>, 4> counts{};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Tries tries;
      for (int i = 0; i < 10'000; ++i) {
        tries.restart({}, {});
        const auto asked = upstream.next(tries, kStart);
        ++counts[asked->index];
        upstream.report(*asked, success_at(kStart));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const auto& count : counts) {
    EXPECT_EQ(count, 10'000);
  }
}

}  // namespace
}  // namespace sluice::upstream
