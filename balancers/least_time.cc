// SPDX-License-Identifier: MIT
// `least_time header|last_byte [inflight]`: the peer that will be done first with what it has to
// do, judged by its average time to the answer's head or to its last byte.  As in nginx:
//
//   cost = average time x (1 + attempts in flight) / weight
//
// The least cost wins, ties in turn.  Times are whole milliseconds, in steps of 20, so that peers
// which are about as fast take turns; beyond five seconds all are equally bad.
#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"

namespace sluice::balancers {
namespace {

using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Millis = std::uint64_t;

constexpr Millis kStep = 20;
constexpr Millis kLongest = 5000;

Millis millis_of(Clock::duration time) {
  return static_cast<Millis>(
      std::max<milliseconds::rep>(0, duration_cast<milliseconds>(time).count()));
}

// A moving average, a twentieth of it the latest; the first measurement is the average.
void average_in(Millis& average, Millis time) {
  average = average == 0 ? time
                         : static_cast<Millis>(0.5 + 0.05 * static_cast<double>(time) +
                                               0.95 * static_cast<double>(average));
}

// What is known of one peer.
struct Times {
  Millis average = 0;           // of successful attempts; 0: not measured
  Millis age = 0;               // average of the mean age of what it owes, taken with each pick
  std::uint32_t owed = 0;       // answers it owes
  milliseconds began_in_all{};  // when these were asked for, summed up
  std::uint64_t cost = 0;       // times weight, in the present pick

  [[nodiscard]] Millis mean_age(Clock::time_point now) const {
    const auto mean_begin = began_in_all / owed;
    return millis_of(now.time_since_epoch() - mean_begin);
  }
};

class LeastTime final : public Balancer {
 public:
  LeastTime(bool to_last_byte, bool inflight, std::span<const Peer> peers)
      : to_last_byte_(to_last_byte), inflight_(inflight), times_(peers.size()) {}

  PeerIndex pick(const Choice& choice) override {
    times_.resize(choice.peers.size());
    const PeerIndex picked = least_cost(choice);
    if (inflight_) {
      Times& times = times_[picked];
      ++times.owed;
      times.began_in_all += duration_cast<milliseconds>(choice.now.time_since_epoch());
    }
    return picked;
  }

  // Without `inflight` it is enough to hear of the head at the end.
  [[nodiscard]] bool wants_answered() const override { return inflight_ && !to_last_byte_; }

  void answered(std::span<Peer>, PeerIndex peer, const Outcome& outcome) override {
    if (wants_answered()) {
      average_in(times_[peer].average, millis_of(outcome.time_to_head));
      pay(times_[peer], outcome);
    }
  }

  void report(std::span<Peer>, PeerIndex peer, const Outcome& outcome) override {
    Times& times = times_[peer];
    const bool heard_before = wants_answered() && outcome.answered;
    if (inflight_ && !heard_before) {
      pay(times, outcome);
    }
    if (outcome.failed || outcome.called_off || heard_before) {
      return;  // a peer must not win by failing fast
    }
    average_in(times.average,
               millis_of(to_last_byte_ ? outcome.now - outcome.asked : outcome.time_to_head));
  }

 private:
  PeerIndex least_cost(const Choice& choice) {
    PeerIndex least = kNobody;
    bool tied = false;
    choice.candidates.for_each([&](PeerIndex index) {
      times_[index].cost = cost_of(choice.peers[index], times_[index], choice.now);
      const auto order =
          least == kNobody ? std::strong_ordering::less : compare(choice.peers, index, least);
      if (order < 0) {
        least = index;
      }
      tied = order == 0 || (tied && order > 0);
    });
    if (!tied) {
      return least;
    }
    return smooth_pick_if(choice.peers, choice.candidates, [&](PeerIndex index) {
      return compare(choice.peers, index, least) == 0;
    });
  }

  [[nodiscard]] std::strong_ordering compare(std::span<const Peer> peers, PeerIndex one,
                                             PeerIndex other) const {
    return times_[one].cost * peers[other].weight <=> times_[other].cost * peers[one].weight;
  }

  std::uint64_t cost_of(const Peer& peer, Times& times, Clock::time_point now) const {
    Millis time = times.average;
    const auto unasked = floor<seconds>(now) - peer.checked;
    if (unasked > peer.fail_timeout) {
      // Half for each time that long: so slow peers get their chance now and then.
      const auto halvings = static_cast<std::uint64_t>(unasked / (peer.fail_timeout + seconds{1}));
      time = halvings < std::numeric_limits<Millis>::digits ? time >> halvings : 0;
    }
    if (times.owed > 0) {
      average_in(times.age, times.mean_age(now));
      time = std::max(time, times.age);
    }
    time = time > kLongest ? kLongest : time + kStep - time % kStep;
    return time * (1 + peer.connections);
  }

  // One answer less that it owes.
  static void pay(Times& times, const Outcome& outcome) {
    if (times.owed > 0) {
      --times.owed;
      times.began_in_all -= duration_cast<milliseconds>(outcome.asked.time_since_epoch());
    }
  }

  const bool to_last_byte_;
  const bool inflight_;
  std::vector<Times> times_;  // by peer index; grows when peers are appended
};

}  // namespace

std::string complain_least_time(Words words) {
  if (words[0] != "header" && words[0] != "last_byte") {
    return "invalid value \"" + words[0] + "\"";
  }
  if (words.size() > 1 && words[1] != "inflight") {
    return "invalid parameter \"" + words[1] + "\"";
  }
  return {};
}

std::unique_ptr<Balancer> make_least_time(Words words, std::span<const Peer> peers) {
  return std::make_unique<LeastTime>(words[0] == "last_byte", words.size() > 1, peers);
}

}  // namespace sluice::balancers
