// SPDX-License-Identifier: MIT
// Peers that answer on a virtual clock, and clients that ask them: to see where a strategy sends
// the traffic of minutes within milliseconds.
#pragma once

#include <functional>
#include <queue>

#include "tests/balancers/group.h"

namespace sluice::balancers {

using Span = Clock::duration;

class VirtualPeers {
 public:
  // How long this peer takes for the answer it begins now; kHangs: for ever (a timeout ends it).
  using Speed = std::function<Span(PeerIndex peer)>;
  static constexpr Span kHangs = Span::max();
  static constexpr Span kTimeout = std::chrono::seconds{60};

  VirtualPeers(const std::string& line, const Weights& weights, Speed speed)
      : group(line, weights), speed_(std::move(speed)) {}

  // `clients` of them ask, each again as soon as it has its answer.  Returns the picks by peer.
  std::vector<int> keep_asking(int clients, Span how_long) {
    picks_.assign(group.peers.size(), 0);
    for (; busy_ < clients; ++busy_) {
      ask();
    }
    const auto end = group.now + how_long;
    while (!answers_.empty() && answers_.top().at < end) {
      finish_next();
      ask();
    }
    group.now = end;
    return picks_;
  }

  // One request every `gap`, whether the others have their answers or not.
  std::vector<int> ask_every(Span gap, Span how_long) {
    picks_.assign(group.peers.size(), 0);
    const auto end = group.now + how_long;
    for (auto next = group.now; next < end; next += gap) {
      while (!answers_.empty() && answers_.top().at <= next) {
        finish_next();
      }
      group.now = next;
      ask();
    }
    group.now = end;
    return picks_;
  }

  Group group;

 private:
  struct Answer {
    Clock::time_point at;
    Clock::time_point asked;
    PeerIndex peer;
    bool timed_out;
    bool operator<(const Answer& other) const { return at > other.at; }  // the earliest on top
  };

  void ask() {
    RequestState request;
    const PeerIndex peer = group.hold(request);
    ++picks_[peer];
    const Span time = speed_(peer);
    const bool hangs = time == kHangs;
    answers_.push({group.now + (hangs ? kTimeout : time), group.now, peer, hangs});
  }

  void finish_next() {
    const Answer answer = answers_.top();
    answers_.pop();
    group.now = answer.at;
    Outcome outcome;
    outcome.now = group.now;
    outcome.failed = answer.timed_out;
    outcome.time_to_head = answer.at - answer.asked;
    outcome.asked = answer.asked;
    if (!outcome.failed) {
      group.balancer().answered(group.peers, answer.peer, outcome);
      outcome.answered = true;
    }
    group.finish(answer.peer, outcome);
  }

  Speed speed_;
  std::priority_queue<Answer> answers_;
  std::vector<int> picks_;
  int busy_ = 0;
};

}  // namespace sluice::balancers
