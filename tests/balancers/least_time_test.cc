// SPDX-License-Identifier: MIT
// The figures are worked out by hand from the rules in docs/BALANCING.md.
#include "tests/balancers/group.h"
#include "tests/balancers/virtual_peers.h"

namespace sluice::balancers {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// A peer answers: its head after `head`, all of it after `whole`.
void answer(Group& group, char letter, milliseconds head, milliseconds whole) {
  const auto peer = static_cast<PeerIndex>(letter - 'A');
  ++group.peers[peer].connections;
  group.peers[peer].checked = std::chrono::floor<std::chrono::seconds>(group.now);
  group.finish(peer, {.time_to_head = head, .asked = group.now - whole});
}

void answer(Group& group, char letter, milliseconds time) {
  answer(group, letter, time, time);
}

TEST(LeastTime, AsksThePeersInTurnWhileNothingIsKnown) {
  EXPECT_EQ(Group("least_time header", {1, 1, 1}).ask(6), "ABCABC");
}

TEST(LeastTime, AsksTheFasterPeer) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 100ms);
  answer(group, 'B', 30ms);
  for (int i = 0; i < 4; ++i) {
    RequestState request;
    const PeerIndex peer = group.hold(request);
    EXPECT_EQ(letter(peer), 'B');
    group.finish(peer, {.time_to_head = 30ms});
  }
}

TEST(LeastTime, TakesPeersOfTheSameTwentyMillisecondsForEqual) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 41ms);
  answer(group, 'B', 59ms);
  EXPECT_EQ(letter(0), group.hold());
  EXPECT_EQ(letter(1), group.hold());  // equal again: 60 ms x 2 and 60 ms x 1
}

TEST(LeastTime, GoesByTheHeadOrByTheLastByte) {
  for (const auto& [line, expected] :
       {std::pair{"least_time header", 'A'}, std::pair{"least_time last_byte", 'B'}}) {
    Group group{line, {1, 1}};
    answer(group, 'A', 10ms, 900ms);
    answer(group, 'B', 100ms, 200ms);
    EXPECT_EQ(group.hold(), expected) << line;
  }
}

TEST(LeastTime, CountsWhatAPeerHasToDo) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 10ms);  // 20 ms, and 20 more for each attempt in flight
  answer(group, 'B', 50ms);  // 60 ms
  EXPECT_EQ(group.hold(), 'A');
  EXPECT_EQ(group.hold(), 'A');
  EXPECT_EQ(group.hold(), 'A');  // 60 ms each: in turn
  EXPECT_EQ(group.hold(), 'B');
}

TEST(LeastTime, DividesByTheWeight) {
  Group group{"least_time header", {1, 5}};
  answer(group, 'A', 30ms);   // 40
  answer(group, 'B', 150ms);  // 160 / 5 = 32
  EXPECT_EQ(group.hold(), 'B');
  EXPECT_EQ(group.hold(), 'A');  // 40, and 320 / 5 = 64
}

TEST(LeastTime, AveragesATwentiethAtATime) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 100ms);
  answer(group, 'A', 500ms);  // 0.5 + 25 + 95 = 120: 140 with the step
  answer(group, 'B', 119ms);  // 120
  EXPECT_EQ(group.hold(), 'B');
  answer(group, 'A', 0ms);  // 0.5 + 114 = 114: 120
  EXPECT_EQ(group.hold(), 'A');
}

TEST(LeastTime, TakesAllBeyondFiveSecondsForEquallyBad) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 50s);
  answer(group, 'B', 6s);
  EXPECT_EQ(group.hold(), 'A');
  EXPECT_EQ(group.hold(), 'B');
}

TEST(LeastTime, HalvesTheTimeOfAPeerThatWasNotAskedForLong) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 30ms);   // 40
  answer(group, 'B', 100ms);  // 120
  group.now += 11s;           // beyond fail_timeout, once: 40 and 60
  group['A'].checked = std::chrono::floor<std::chrono::seconds>(group.now);
  EXPECT_EQ(group.ask(), 'A');
  group.now += 11s;  // twice: 100 >> 2 = 25
  group['A'].checked = std::chrono::floor<std::chrono::seconds>(group.now);
  EXPECT_EQ(group.ask(), 'A');  // 40 and 40: in turn
  EXPECT_EQ(group.ask(), 'B');
}

TEST(LeastTime, LearnsNothingFromFailures) {
  Group group{"least_time header", {1, 1}};
  answer(group, 'A', 100ms);
  answer(group, 'B', 50ms);
  ++group['A'].connections;
  group.finish(0, {.failed = true, .time_to_head = 0ms});
  ++group['A'].connections;
  group.finish(0, {.called_off = true, .time_to_head = 0ms});
  EXPECT_EQ(group.hold(), 'B');
}

TEST(LeastTime, WithInflightSeesAPeerThatHangs) {
  for (const auto& [line, second] :
       {std::pair{"least_time header", 'A'}, std::pair{"least_time header inflight", 'B'}}) {
    Group group{line, {1, 1}};
    answer(group, 'A', 10ms);
    answer(group, 'B', 100ms);
    EXPECT_EQ(group.hold(), 'A');
    group.now += 1s;  // A owes its answer: 1,000 ms at least, against 120 of B
    EXPECT_EQ(group.hold(), second) << line;
  }
}

TEST(LeastTime, WithInflightForgetsWhatIsPaid) {
  Group group{"least_time header inflight", {1, 1}};
  answer(group, 'A', 10ms);
  answer(group, 'B', 100ms);
  RequestState request;
  const auto asked = group.now;
  ASSERT_EQ(group.hold(request), 0u);
  group.now += 1s;
  Outcome outcome{.time_to_head = 1s, .now = group.now, .asked = asked};
  group.balancer().answered(group.peers, 0, outcome);  // 0.5 + 50 + 9.5 = 60: 80
  outcome.answered = true;
  group.finish(0, outcome);
  EXPECT_EQ(group.hold(), 'A');
}

TEST(LeastTime, AsksTheOnlyCandidateHoweverSlowItIs) {
  Group group{"least_time last_byte", {1, 1}};
  answer(group, 'A', 9s);
  answer(group, 'B', 1ms);
  group['B'].down = true;
  EXPECT_EQ(group.ask(3), "AAA");
}

TEST(LeastTime, AsksAPeerThatComesBack) {
  Group group{"least_time header", {1, 1}};
  group['B'].down = true;
  EXPECT_EQ(group.ask(2), "AA");
  group['B'].down = false;
  EXPECT_EQ(group.ask(4), "ABAB");
}

TEST(LeastTime, AsksEveryPeerOnceBeforeARequestIsGivenUp) {
  EXPECT_EQ(Group("least_time header", {1, 1, 1}).fail_everywhere(), "ABC");
}

TEST(LeastTime, AsksAPeerThatWasAppended) {
  Group group{"least_time header", {1}};
  group.ask(2);
  group.append(1);
  EXPECT_NE(group.ask(4).find('B'), std::string::npos);
}

TEST(LeastTime, SendsMostRequestsToTheFastestOfThree) {
  VirtualPeers peers{"least_time header", {1, 1, 1}, [](PeerIndex peer) -> Span {
                       return peer == 0 ? 5ms : peer == 1 ? 50ms : 500ms;
                     }};
  const std::vector<int> picks = peers.keep_asking(2, 60s);
  EXPECT_GT(picks[0], 10 * picks[1]);
  EXPECT_GT(picks[1], picks[2]);
  EXPECT_GT(picks[2], 0);
}

}  // namespace
}  // namespace sluice::balancers
