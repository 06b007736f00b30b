// SPDX-License-Identifier: MIT
// `queue`: who waits, who is called, and who has left.
#include <thread>

#include "tests/upstream/group.h"

namespace sluice::upstream {
namespace {

using Place = Upstream::Place;

// A request that may wait.
struct Request final : Waiting {
  Place place(Group& group) {
    tries.restart({}, {});
    return group.upstream().next_or_wait(tries, kStart, *this);
  }
  void called() override { ++calls; }

  Tries tries;
  int calls = 0;
};

confparse::UpstreamServer narrow(std::uint32_t most = 1) {
  confparse::UpstreamServer server;
  server.max_connections = most;
  return server;
}

Group make_group(std::vector<confparse::UpstreamServer> servers, std::uint32_t most = 8) {
  Group group(std::move(servers));
  group.settings.queue.most = most;
  return group;
}

TEST(Queue, IsNotNeededWhileAPeerHasRoom) {
  Group group = make_group({narrow(), narrow()});
  Request first;
  Request second;
  EXPECT_EQ(first.place(group), Place::has_peer);
  EXPECT_EQ(second.place(group), Place::has_peer);
  EXPECT_EQ(Group::letter(*second.asked), 'B');
}

TEST(Queue, CallsWhoeverWaitsLongest) {
  Group group = make_group({narrow()});
  std::array<Request, 3> requests;
  EXPECT_EQ(requests[0].place(group), Place::has_peer);
  EXPECT_EQ(requests[1].place(group), Place::waits);
  EXPECT_EQ(requests[2].place(group), Place::waits);
  group.upstream().report(*requests[0].asked, success_at(kStart));
  EXPECT_EQ(requests[1].calls, 1);
  EXPECT_EQ(requests[2].calls, 0);
  ASSERT_TRUE(requests[1].asked);
  group.upstream().report(*requests[1].asked, success_at(kStart));
  EXPECT_EQ(requests[2].calls, 1);
}

TEST(Queue, LetsNobodyPassWhoComesLater) {
  Group group = make_group({narrow()});
  std::array<Request, 3> requests;
  requests[0].place(group);
  requests[1].place(group);
  group.upstream().report(*requests[0].asked, success_at(kStart));
  EXPECT_EQ(requests[2].place(group), Place::waits);  // the room is the second's already
}

TEST(Queue, TakesNoMoreThanItsSize) {
  Group group = make_group({narrow()}, 1);
  std::array<Request, 3> requests;
  requests[0].place(group);
  EXPECT_EQ(requests[1].place(group), Place::waits);
  EXPECT_EQ(requests[2].place(group), Place::queue_is_full);
  group.upstream().leave(requests[1]);
  EXPECT_EQ(requests[2].place(group), Place::waits);
}

TEST(Queue, IsForPeersThatAreFullOnly) {
  Group group = make_group({{}, {}});
  for (int peer = 0; peer < 2; ++peer) {
    Tries tries;
    tries.restart({}, {});
    group.upstream().report(*group.upstream().next(tries, kStart), failure_at(kStart));
  }
  Request request;
  EXPECT_EQ(request.place(group), Place::nothing_to_wait_for);
}

TEST(Queue, ForgetsWhoHasLeft) {
  Group group = make_group({narrow()});
  std::array<Request, 2> requests;
  requests[0].place(group);
  requests[1].place(group);
  group.upstream().leave(requests[1]);
  group.upstream().report(*requests[0].asked, success_at(kStart));
  EXPECT_EQ(requests[1].calls, 0);
  EXPECT_FALSE(requests[1].asked);
  EXPECT_EQ(group.ask(), 'A');
}

TEST(Queue, DoesNotAskAPeerTwiceForOneRequest) {
  Group group = make_group({narrow(), narrow()});
  Request holder;
  ASSERT_EQ(holder.place(group), Place::has_peer);  // A
  Request unlucky;
  ASSERT_EQ(unlucky.place(group), Place::has_peer);  // B
  group.upstream().report(*unlucky.asked, {.failed = true, .now = kStart});
  // Its next try: A is full, B was tried.
  EXPECT_EQ(group.upstream().next_or_wait(unlucky.tries, kStart, unlucky), Place::waits);
  group.upstream().report(*holder.asked, success_at(kStart));
  ASSERT_EQ(unlucky.calls, 1);
  EXPECT_EQ(Group::letter(*unlucky.asked), 'A');
}

TEST(Queue, ServesAllThreadsAndNeverMoreThanMaxConns) {
  Group group = make_group({narrow(2)}, 100);
  group.upstream();
  std::atomic<int> busy{0};
  std::atomic<int> most{0};
  // One request after the other, each waiting until it is called.
  struct Blocking final : Waiting {
    void called() override {
      is_called = true;
      is_called.notify_one();
    }
    std::atomic<bool> is_called{false};
  };
  const auto work = [&] {
    for (int i = 0; i < 2000; ++i) {
      Tries tries;
      tries.restart({}, {});
      Blocking waiting;
      const Place place = group.upstream().next_or_wait(tries, kStart, waiting);
      if (place == Place::waits) {
        waiting.is_called.wait(false);
        group.upstream().leave(waiting);  // whoever called is done with it
      }
      ASSERT_TRUE(waiting.asked);
      most = std::max(most.load(), ++busy);
      --busy;
      group.upstream().report(*waiting.asked, success_at(kStart));
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_LE(most, 2);
  EXPECT_EQ(group.ask(), 'A');
}

}  // namespace
}  // namespace sluice::upstream
