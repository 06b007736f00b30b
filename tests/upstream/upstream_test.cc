// SPDX-License-Identifier: MIT
#include "upstream/upstream.h"

#include <gtest/gtest.h>

#include <thread>

namespace sluice::upstream {
namespace {

using namespace std::chrono_literals;

constexpr auto kStart = Clock::time_point{} + 1000s;

balancers::Outcome failure_at(Clock::time_point now) {
  return {.failed = true, .now = now};
}
balancers::Outcome success_at(Clock::time_point now) {
  return {.now = now};
}

// An upstream of peers on ports 1, 2, 3 …, called A, B, C … by picks().
struct Group {
  explicit Group(std::vector<confparse::UpstreamServer> servers) {
    settings.name = "group";
    settings.servers = std::move(servers);
    for (std::size_t i = 0; i < settings.servers.size(); ++i) {
      settings.servers[i].address = "127.0.0.1:" + std::to_string(i + 1);
    }
  }

  Upstream& upstream() {
    if (!made) {
      std::vector<Upstream::Server> list;
      for (const confparse::UpstreamServer& server : settings.servers) {
        list.push_back({&server, {*net::Address::parse(server.address)}});
      }
      made = std::make_unique<Upstream>(settings, list, 0);
    }
    return *made;
  }

  static char letter(const Asked& asked) {
    return static_cast<char>('A' + asked.endpoint->address.port() - 1);
  }

  // One request that is answered at once.
  char ask(Clock::time_point now = kStart) {
    Tries tries;
    tries.restart({}, {});
    const auto asked = upstream().next(tries, now);
    if (!asked) {
      return '-';
    }
    upstream().report(*asked, success_at(now));
    return letter(*asked);
  }

  std::string picks(int count) {
    std::string result;
    for (int i = 0; i < count; ++i) {
      result.push_back(ask());
    }
    return result;
  }

  confparse::UpstreamSettings settings;
  std::unique_ptr<Upstream> made;
};

confparse::UpstreamServer weighing(std::uint32_t weight) {
  confparse::UpstreamServer server;
  server.weight = weight;
  return server;
}

confparse::UpstreamServer backup() {
  confparse::UpstreamServer server;
  server.backup = true;
  return server;
}

confparse::UpstreamServer down() {
  confparse::UpstreamServer server;
  server.down = true;
  return server;
}

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
  EXPECT_EQ(group.upstream().report(*failing, failure_at(kStart)), HealthChange::rests);
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
  HealthChange change = HealthChange::none;
  for (int i = 0; i < 4 && change == HealthChange::none; ++i) {
    tries.restart({}, {});
    asked = group.upstream().next(tries, kStart + 11s);
    change = group.upstream().report(*asked, success_at(kStart + 11s));
  }
  EXPECT_EQ(change, HealthChange::recovered);
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
