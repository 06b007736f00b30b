// SPDX-License-Identifier: MIT
// `fair`: the peer that will probably answer first, judged by how fast it answered lately and by
// how much it has to do.
//
//   cost = time to the answer's head x (1 + attempts in flight) / weight
//
// The least cost wins; peers within kAlike of it count as equal and take turns, so that noise does
// not starve a good peer.  Now and then a peer that costs more is asked all the same (a probe):
// only so can we learn that it became fast again.  docs/BALANCING.md says what this guarantees and
// fair_test.cc holds us to it, with peers on a virtual clock.
#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"

namespace sluice::balancers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Nanoseconds = std::chrono::duration<double, std::nano>;
using TimePoint = Clock::time_point;

// Costs within this factor are equal.
constexpr double kAlike = 1.25;
// What one measurement counts at least, and at most.  A slow one counts kSlowStep and is taken for
// kMaxSlowdown times the average at the most: 1 + (4 - 1) / 16 < kAlike, so no single slow answer
// ever takes a peer out of the circle of its equals.
constexpr double kSlowStep = 1.0 / 16;
constexpr double kFastStep = 1.0 / 2;
constexpr double kMaxSlowdown = 4;
// Differences below this are noise of the clock and the scheduler.
constexpr Nanoseconds kShortest = std::chrono::microseconds{100};
// What a peer that never answered is thought to need once it has been asked.
constexpr Nanoseconds kUnknown = seconds{1};
// Two measurements this far apart say little about each other.
constexpr Nanoseconds kOld = seconds{1};
// A peer is probed when kStarving picks passed it by, 0.6 %: one slow answer in a hundred would be
// the clients' p99.  However many such peers there are, every kProbeEvery-th pick is a probe at the
// most; when one was not asked for kForgotten, every kProbeForgottenEvery-th.
constexpr std::uint64_t kStarving = 160;
constexpr std::uint32_t kProbeEvery = 64;
constexpr std::uint32_t kProbeForgottenEvery = 16;
constexpr auto kForgotten = seconds{1};
// A peer that owes answers and said nothing for so long gets no probes.
constexpr Nanoseconds kShortestHang = milliseconds{20};
constexpr std::uint32_t kMaxFailures = 6;

// What is known of one peer.
struct Pace {
  Nanoseconds average{};       // moving average of the time to the answer's head; 0: not measured
  TimePoint measured{};        // when it last answered
  bool surprised = false;      // its last answer took less than a quarter of the average
  TimePoint asked{};           // when it was last picked
  std::uint64_t pick = 0;      // and which pick that was
  TimePoint silent_since{};    // while waiting > 0: its last answer, or the first pick since
  std::uint32_t waiting = 0;   // attempts without an answer's head yet
  std::uint32_t failures = 0;  // in a row, at most kMaxFailures
  double cost = 0;             // in the present pick

  [[nodiscard]] bool known() const { return average.count() > 0; }

  // How long it has owed an answer.  Not the age of its oldest attempt: one slow page among a
  // thousand quick ones would then empty a good peer.
  [[nodiscard]] Nanoseconds silence(TimePoint now) const {
    return waiting > 0 ? now - silent_since : Nanoseconds{0};
  }

  [[nodiscard]] bool hangs(TimePoint now) const {
    return waiting > 0 && (!known() || silence(now) > std::max(2 * average, kShortestHang));
  }

  void measure(Nanoseconds time, TimePoint now);
};

void Pace::measure(Nanoseconds time, TimePoint now) {
  time = std::max(time, kShortest);
  const Nanoseconds since = now - measured;
  const bool much_faster = time * kMaxSlowdown < average;
  if (!known() || (much_faster && surprised && since >= kOld)) {
    average = time;  // the first, or the second rare one to say so: what we knew is out of date
  } else if (time > average) {
    average += (std::min(time, kMaxSlowdown * average) - average) * kSlowStep;
  } else {
    average += (time - average) * std::clamp(since / kOld, kSlowStep, kFastStep);
  }
  surprised = much_faster;
  measured = now;
}

double cost_of(const Peer& peer, const Pace& pace, TimePoint now) {
  Nanoseconds time = std::max(pace.average, pace.silence(now));
  if (!pace.known() && (pace.waiting > 0 || pace.failures > 0)) {
    time = std::max(time, kUnknown);  // an unknown peer is tried at once, but by one request only
  }
  const double failing = static_cast<double>(1u << pace.failures);
  return time.count() * failing * (1.0 + peer.connections) / peer.weight;
}

class Fair final : public Balancer {
 public:
  explicit Fair(std::span<const Peer> peers) : paces_(peers.size()) {}

  PeerIndex pick(const Choice& choice) override {
    ++picks_;
    paces_.resize(choice.peers.size());
    PeerIndex peer = probe(choice);
    if (peer == kNobody) {
      peer = least_cost(choice);
    }
    Pace& pace = paces_[peer];
    pace.asked = choice.now;
    pace.pick = picks_;
    if (pace.waiting++ == 0) {
      pace.silent_since = choice.now;
    }
    return peer;
  }

  [[nodiscard]] bool wants_answered() const override { return true; }

  void answered(std::span<Peer>, PeerIndex peer, const Outcome& outcome) override {
    Pace& pace = paces_[peer];
    stop_waiting(pace);
    pace.silent_since = outcome.now;
    pace.failures = 0;
    pace.measure(outcome.time_to_head, outcome.now);
  }

  void report(std::span<Peer> peers, PeerIndex peer, const Outcome& outcome) override {
    Pace& pace = paces_[peer];
    if (outcome.called_off) {
      if (!outcome.answered) {
        stop_waiting(pace);  // how long it had been silent stays
      }
    } else if (outcome.failed) {
      pace.failures = std::min(pace.failures + 1, kMaxFailures);
      if (!outcome.answered) {
        stop_waiting(pace);
      }
    } else if (!outcome.answered) {
      answered(peers, peer, outcome);
    }
  }

 private:
  static void stop_waiting(Pace& pace) { pace.waiting -= pace.waiting > 0 ? 1 : 0; }

  // The candidate that was asked longest ago, if it is time for a probe.
  PeerIndex probe(const Choice& choice) {
    if (++since_probe_ < kProbeForgottenEvery) {
      return kNobody;
    }
    PeerIndex oldest = kNobody;
    choice.candidates.for_each([&](PeerIndex index) {
      const Pace& pace = paces_[index];
      if (!pace.hangs(choice.now) && (oldest == kNobody || pace.asked < paces_[oldest].asked)) {
        oldest = index;
      }
    });
    if (oldest == kNobody) {
      return kNobody;
    }
    const Pace& pace = paces_[oldest];
    const bool starves = since_probe_ >= kProbeEvery && picks_ - pace.pick >= kStarving;
    if (!starves && choice.now - pace.asked < kForgotten) {
      return kNobody;
    }
    since_probe_ = 0;
    return oldest;
  }

  PeerIndex least_cost(const Choice& choice) {
    double least = std::numeric_limits<double>::infinity();
    choice.candidates.for_each([&](PeerIndex index) {
      Pace& pace = paces_[index];
      pace.cost = cost_of(choice.peers[index], pace, choice.now);
      least = std::min(least, pace.cost);
    });
    return smooth_pick_if(choice.peers, choice.candidates,
                          [&](PeerIndex index) { return paces_[index].cost <= least * kAlike; });
  }

  std::vector<Pace> paces_;  // by peer index; grows when peers are appended
  std::uint64_t picks_ = 0;
  std::uint32_t since_probe_ = 0;
};

}  // namespace

std::unique_ptr<Balancer> make_fair_by_time(Words, std::span<const Peer> peers) {
  return std::make_unique<Fair>(peers);
}

}  // namespace sluice::balancers
