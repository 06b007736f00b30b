// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>
#include <utility>

#include "tests/balancers/virtual_peers.h"

namespace sluice::balancers {
namespace {

using namespace std::chrono_literals;

double share(const std::vector<int>& picks, char peer) {
  return picks[static_cast<std::size_t>(peer - 'A')] /
         static_cast<double>(std::accumulate(picks.begin(), picks.end(), 0));
}

// Times around a mean, as a busy server has them: many short, few long.
class Jitter {
 public:
  Span around(Span mean) {
    const double factor = std::exponential_distribution<double>{1}(engine_);
    return std::chrono::duration_cast<Span>(mean * factor);
  }

 private:
  std::mt19937_64 engine_{42};
};

// Peers that can change while they are watched.
struct Times {
  std::vector<Span> by_peer;
  Span operator()(PeerIndex peer) const { return by_peer[peer]; }
};

class FairUnderLoad : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Clients, FairUnderLoad, testing::Values(8, 32));

TEST_P(FairUnderLoad, SendsByFarTheMostToTheFastestPeerAndStillTriesTheSlowest) {
  VirtualPeers peers{"fair", {1, 1, 1}, Times{{1ms, 10ms, 100ms}}};
  const auto picks = peers.keep_asking(GetParam(), 60s);
  EXPECT_GE(share(picks, 'A'), 0.85);
  EXPECT_GE(share(picks, 'C'), 0.005);
  EXPECT_LE(share(picks, 'C'), 0.03);
}

TEST_P(FairUnderLoad, DoesSoWithNoisyPeersToo) {
  Jitter jitter;
  const Times means{{1ms, 10ms, 100ms}};
  VirtualPeers peers{"fair", {1, 1, 1}, [&](PeerIndex peer) { return jitter.around(means(peer)); }};
  const auto picks = peers.keep_asking(GetParam(), 60s);
  EXPECT_GE(share(picks, 'A'), 0.85);
  EXPECT_GE(share(picks, 'C'), 0.005);
}

TEST_P(FairUnderLoad, GivesAPeerThatBecameFastAgainItsShareWithinTenSeconds) {
  Times times{{1ms, 10ms, 100ms}};
  VirtualPeers peers{"fair", {1, 1, 1}, std::ref(times)};
  peers.keep_asking(GetParam(), 30s);
  times.by_peer[2] = 1ms;
  peers.keep_asking(GetParam(), 10s);
  const auto picks = peers.keep_asking(GetParam(), 1s);
  EXPECT_NEAR(share(picks, 'C'), share(picks, 'A'), 0.1);
}

TEST_P(FairUnderLoad, LeavesAPeerThatBecameSlow) {
  Times times{{1ms, 1ms, 1ms}};
  VirtualPeers peers{"fair", {1, 1, 1}, std::ref(times)};
  peers.keep_asking(GetParam(), 10s);
  times.by_peer[0] = 100ms;
  peers.keep_asking(GetParam(), 1s);
  EXPECT_LE(share(peers.keep_asking(GetParam(), 1s), 'A'), 0.03);
}

TEST_P(FairUnderLoad, SharesEvenlyAmongEqualNoisyPeers) {
  Jitter jitter;
  VirtualPeers peers{"fair", {1, 1, 1}, [&](PeerIndex) { return jitter.around(5ms); }};
  const auto picks = peers.keep_asking(GetParam(), 60s);
  for (const char peer : {'A', 'B', 'C'}) {
    EXPECT_NEAR(share(picks, peer), 1.0 / 3, 0.05) << peer;
  }
}

// Without load the attempts in flight balance nothing: noise alone must not starve a good peer.
TEST(Fair, StarvesNoEqualPeerWhenRequestsAreRare) {
  for (const Span gap : {10ms, 20ms, 100ms, 500ms}) {
    Jitter jitter;
    VirtualPeers peers{"fair", {1, 1, 1}, [&](PeerIndex) { return jitter.around(5ms); }};
    const auto picks = peers.ask_every(gap, 3000 * gap);
    for (const char peer : {'A', 'B', 'C'}) {
      EXPECT_GE(share(picks, peer), 0.2) << peer << " every " << gap / 1ms << " ms";
    }
  }
}

TEST(Fair, FindsARecoveredPeerAtTenRequestsASecondAndMore) {
  for (const Span gap : {100ms, 50ms, 20ms, 10ms, 5ms, 1ms}) {
    Times times{{1ms, 10ms, 100ms}};
    VirtualPeers peers{"fair", {1, 1, 1}, std::ref(times)};
    peers.ask_every(gap, 60s);
    times.by_peer[2] = 1ms;
    peers.ask_every(gap, 10s);
    const auto picks = peers.ask_every(gap, 10s);
    EXPECT_NEAR(share(picks, 'C'), share(picks, 'A'), 0.1) << "every " << gap / 1ms << " ms";
  }
}

TEST(Fair, IsNotMovedByOneSlowAnswer) {
  for (const Span gap : {1ms, 10ms, 100ms}) {
    bool slow = false;
    VirtualPeers peers{"fair", {1, 1}, [&](PeerIndex peer) -> Span {
                         return peer == 0 && std::exchange(slow, false) ? 5s : 5ms;
                       }};
    peers.ask_every(gap, 1000 * gap);
    slow = true;
    peers.ask_every(gap, 5s + 10 * gap);
    EXPECT_NEAR(share(peers.ask_every(gap, 100 * gap), 'A'), 0.5, 0.1) << gap / 1ms << " ms";
  }
}

// The other requests to the peer are answered meanwhile, so it is well.
TEST(Fair, KeepsAskingAPeerWhileOneOfItsAnswersIsSlow) {
  bool slow = false;
  VirtualPeers peers{"fair", {1, 1}, [&](PeerIndex peer) -> Span {
                       return peer == 0 && std::exchange(slow, false) ? 10s : 5ms;
                     }};
  peers.keep_asking(8, 5s);
  slow = true;
  peers.keep_asking(8, 100ms);
  EXPECT_GE(share(peers.keep_asking(8, 5s), 'A'), 0.4);
}

TEST(Fair, IsNotMovedByOneQuickAnswerOfASlowPeer) {
  for (const Span gap : {1ms, 10ms, 100ms}) {
    bool quick = false;
    VirtualPeers peers{"fair", {1, 1}, [&](PeerIndex peer) -> Span {
                         return peer == 0 ? 5ms : std::exchange(quick, false) ? 1ms : 200ms;
                       }};
    peers.ask_every(gap, 1000 * gap);
    quick = true;
    EXPECT_LE(share(peers.ask_every(gap, 100 * gap), 'B'), 0.1) << gap / 1ms << " ms";
  }
}

TEST(Fair, DoesNotFloodAPeerWhoseRequestsHang) {
  Times times{{1ms, 1ms, 1ms}};
  VirtualPeers peers{"fair", {1, 1, 1}, std::ref(times)};
  peers.ask_every(1ms, 10s);
  times.by_peer[0] = VirtualPeers::kHangs;
  const auto picks = peers.ask_every(1ms, 30s);
  EXPECT_LE(picks[0], 5);
}

TEST(Fair, LeavesAFastPeerThatHangsToMuchSlowerOnesInTime) {
  Times times{{1ms, 100ms}};
  VirtualPeers peers{"fair", {1, 1}, std::ref(times)};
  peers.ask_every(1ms, 10s);
  times.by_peer[0] = VirtualPeers::kHangs;
  EXPECT_LE(peers.ask_every(1ms, 1s)[0], 100);
}

TEST(Fair, DoesNotFloodASlowPeerThatBeginsToHang) {
  Times times{{1ms, 100ms}};
  VirtualPeers peers{"fair", {1, 1}, std::ref(times)};
  peers.ask_every(1ms, 10s);
  times.by_peer[1] = VirtualPeers::kHangs;
  EXPECT_LE(peers.ask_every(1ms, 30s)[1], 10);
}

TEST(Fair, AsksAPeerThatJoinsLateButOnlyOnceUntilItAnswers) {
  Times times{{1ms, 1ms, VirtualPeers::kHangs}};
  VirtualPeers peers{"fair", {1, 1}, std::ref(times)};
  peers.keep_asking(8, 1s);
  peers.group.append(1);
  EXPECT_EQ(peers.keep_asking(8, 1s)[2], 1);
}

TEST(Fair, GivesAPeerThatJoinsLateItsShare) {
  VirtualPeers peers{"fair", {1, 1}, Times{{1ms, 1ms, 1ms}}};
  peers.keep_asking(8, 1s);
  peers.group.append(1);
  EXPECT_NEAR(share(peers.keep_asking(8, 1s), 'C'), 1.0 / 3, 0.05);
}

TEST(Fair, CountsAPeerOfTwiceTheWeightAsTwiceAsFast) {
  VirtualPeers peers{"fair", {2, 1}, Times{{20ms, 20ms}}};
  const auto picks = peers.keep_asking(30, 30s);
  EXPECT_NEAR(share(picks, 'A'), 2.0 / 3, 0.05);
}

TEST(Fair, DoesNotTakeALongDownloadForAPeerThatHangs) {
  Group group{"fair", {1, 1}};
  group.ask(8);
  RequestState request;
  const PeerIndex busy = group.hold(request);
  Outcome head;
  head.now = group.now;
  head.time_to_head = 1ms;
  group.balancer().answered(group.peers, busy, head);
  group.now += 60s;
  std::vector<int> picks(2);
  for (int i = 0; i < 60; ++i) {
    ++picks[static_cast<std::size_t>(group.hold() - 'A')];
  }
  EXPECT_NEAR(picks[0], 30, 6);
}

// With max_fails=0 the upstream never lets it rest.
TEST(Fair, AvoidsAPeerThatFailsAtOnceEvenIfItNeverRests) {
  Group group{"fair", {1, 1}};
  int asked = 0;
  for (int i = 0; i < 2000; ++i) {
    RequestState request;
    const PeerIndex peer = group.hold(request);
    Outcome outcome;
    outcome.time_to_head = peer == 0 ? 4ms : 8ms;
    outcome.failed = peer == 0 && i >= 1000;
    group.now += outcome.failed ? 0ms : outcome.time_to_head;
    asked += outcome.failed ? 1 : 0;
    group.finish(peer, outcome);
  }
  EXPECT_LE(asked, 70);
}

TEST(Fair, AsksTheOnlyCandidateHoweverSlowItIs) {
  VirtualPeers peers{"fair", {1, 1, 1}, Times{{1ms, 10ms, 100ms}}};
  peers.keep_asking(8, 10s);
  peers.group['A'].down = peers.group['B'].down = true;
  EXPECT_EQ(peers.group.ask(100), std::string(100, 'C'));
}

TEST(Fair, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  Group group{"fair", {1, 1, 1}};
  std::string picks = group.fail_everywhere();
  std::ranges::sort(picks);
  EXPECT_EQ(picks, "ABC");
}

TEST(Fair, AsksAPeerThatComesBack) {
  VirtualPeers peers{"fair", {1, 1}, Times{{1ms, 1ms}}};
  peers.group['A'].down = true;
  EXPECT_EQ(peers.keep_asking(8, 10s)[0], 0);
  peers.group['A'].down = false;
  EXPECT_NEAR(share(peers.keep_asking(8, 1s), 'A'), 0.5, 0.05);
}

}  // namespace
}  // namespace sluice::balancers
