// SPDX-License-Identifier: MIT
#include "simulate/run.h"

#include <algorithm>
#include <queue>

#include "simulate/group.h"
#include "simulate/homes.h"
#include "simulate/imbalance.h"
#include "simulate/method.h"
#include "simulate/peer_clock.h"

namespace sluice::simulate {
namespace {

// What a refused connection costs, and what a client needs that got 502.
constexpr Micros kRefusal{100};
constexpr Micros kPause{1000};

constexpr std::uint64_t kProgressEvery = 65'536;

// A client with its request.
struct Slot {
  upstream::Tries tries;
  std::optional<upstream::Asked> asked;  // none: it got 502 and pauses
  bool refused = false;
  std::uint32_t unit = 0;
  std::uint32_t phase = 0;
  Micros began{};    // the request
  Micros attempt{};  // the present attempt
};

// The attempt of this slot ends then.  Of those at the same time the one that began first is first.
struct Ending {
  Micros time;
  std::uint64_t order;
  std::size_t slot;

  friend bool operator>(const Ending& one, const Ending& other) {
    return one.time != other.time ? one.time > other.time : one.order > other.order;
  }
};

class Run {
 public:
  Run(const Scenario& scenario, const confparse::UpstreamSettings& method, const Progress& progress)
      : scenario_(scenario),
        progress_(progress),
        group_(method, scenario.seed),
        keys_(method, scenario.workload),
        requests_(scenario.workload, scenario.seed),
        peers_(scenario),
        homes_(result_),
        imbalance_(scenario),
        slots_(scenario.concurrency) {
    result_.method = method_name(method);
    result_.peers.resize(scenario.peers.size());
    times_.reserve(scenario.requests);
    rests_since_.resize(scenario.peers.size());
  }

  Result run() {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      begin_request(slot);
    }
    while (!endings_.empty()) {
      const Ending ending = endings_.top();
      endings_.pop();
      now_ = ending.time;
      advance_peers();
      end_attempt(ending.slot);
    }
    conclude();
    return std::move(result_);
  }

 private:
  [[nodiscard]] Moment moment() const { return {sent_ - 1, now_}; }

  void advance_peers() {
    std::vector<Event> changes;
    if (!peers_.advance(moment(), changes)) {
      return;
    }
    for (const Event& change : changes) {
      note_event(change);
    }
    homes_.begin_phase(std::move(changes));
  }

  void note_event(const Event& event) {
    if (result_.events.size() < kMostEvents) {
      result_.events.push_back(event);
    } else {
      ++result_.more_events;
    }
  }

  void begin_request(std::size_t index) {
    if (sent_ == scenario_.requests) {
      return;
    }
    if (++sent_ % kProgressEvery == 0 && progress_) {
      progress_(sent_);
    }
    advance_peers();
    const Request request = requests_.next();
    const RequestKeys::Found found = keys_.find(request);
    Slot& slot = slots_[index];
    slot.unit = found.unit;
    slot.began = now_;
    slot.tries.restart(scenario_.workload.clients[request.client].bytes, found.key);
    begin_attempt(index);
  }

  void begin_attempt(std::size_t index) {
    Slot& slot = slots_[index];
    slot.asked = group_.upstream().next(slot.tries, clock_time(now_));
    slot.attempt = now_;
    slot.phase = homes_.phase();
    if (!slot.asked) {
      note_pick({});
      ++result_.unanswered;
      end_at(now_ + kPause, index);
      return;
    }
    const std::size_t peer = group_.line_of(*slot.asked);
    slot.refused = peers_.is_down(peer);
    note_pick({static_cast<std::int32_t>(peer), slot.refused});
    if (slot.refused) {
      end_at(now_ + kRefusal, index);
      return;
    }
    imbalance_.note(peer);
    end_at(peers_.answer_time(peer, moment()), index);
  }

  void end_at(Micros time, std::size_t slot) { endings_.push({time, order_++, slot}); }

  void note_pick(Pick pick) {
    if (result_.first_picks.size() < kFirstPicks) {
      result_.first_picks.push_back(pick);
    }
  }

  void end_attempt(std::size_t index) {
    Slot& slot = slots_[index];
    if (!slot.asked) {
      begin_request(index);
    } else if (slot.refused) {
      fail(index, slot);
    } else {
      answer(slot);
      begin_request(index);
    }
  }

  // As the proxy does after a connection error: the next peer, while there is one left to ask.
  void fail(std::size_t index, Slot& slot) {
    ++result_.peers[group_.line_of(*slot.asked)].failed;
    report(slot, {.failed = true, .now = clock_time(now_)});
    if (!upstream::Upstream::may_retry(slot.tries)) {
      ++result_.unanswered;
      slot.asked.reset();
      end_at(now_ + kPause, index);
      return;
    }
    ++result_.next_peer;
    begin_attempt(index);
  }

  void answer(Slot& slot) {
    const std::size_t peer = group_.line_of(*slot.asked);
    balancers::Outcome outcome{.time_to_head = now_ - slot.attempt, .now = clock_time(now_)};
    group_.upstream().answered(*slot.asked, outcome);
    outcome.answered = true;
    report(slot, outcome);
    ++result_.answered;
    ++result_.peers[peer].answered;
    result_.peers[peer].waited += now_ - slot.attempt;
    times_.push_back(now_ - slot.began);
    if (keys_.unit() != Unit::none) {
      homes_.note(slot.unit, peer, slot.phase);
    }
  }

  void report(const Slot& slot, const balancers::Outcome& outcome) {
    const auto change = group_.upstream().report(*slot.asked, outcome);
    const std::size_t peer = group_.line_of(*slot.asked);
    if (change == upstream::HealthChange::recovered) {
      rests_since_[peer].reset();
      note_event({Event::Kind::recovered, peer, sent_ - 1, now_});
    } else if (change == upstream::HealthChange::rests) {
      note_rest(peer);
    }
  }

  // Attempts that were under way when the rest began fail too; that is no news.
  void note_rest(std::size_t peer) {
    const bool is_probe = rests_since_[peer] &&
                          now_ - *rests_since_[peer] > scenario_.peers[peer].server.fail_timeout;
    if (!rests_since_[peer] || is_probe) {
      rests_since_[peer] = now_;
      note_event({Event::Kind::rests, peer, sent_ - 1, now_});
    }
  }

  void conclude() {
    homes_.finish();
    for (std::size_t peer = 0; peer < rests_since_.size(); ++peer) {
      if (rests_since_[peer] && !peers_.is_down(peer)) {
        result_.still_resting.push_back(peer);
      }
    }
    result_.unit = keys_.unit();
    result_.units = keys_.units();
    result_.requests = sent_;
    result_.duration = now_;
    result_.slice = imbalance_.slice();
    result_.imbalance = imbalance_.finish();
    for (const Micros time : times_) {
      result_.response.sum += time;
      result_.response.longest = std::max(result_.response.longest, time);
    }
    result_.response.p50 = percentile(50);
    result_.response.p99 = percentile(99);
  }

  // The nearest rank: so many percent of the answers came within this time.
  Micros percentile(std::size_t percent) {
    if (times_.empty()) {
      return {};
    }
    const std::size_t rank = (times_.size() * percent + 99) / 100 - 1;
    const auto found = times_.begin() + static_cast<std::ptrdiff_t>(rank);
    std::ranges::nth_element(times_, found);
    return *found;
  }

  const Scenario& scenario_;
  const Progress& progress_;
  Result result_;
  Group group_;
  RequestKeys keys_;
  Requests requests_;
  PeerClock peers_;
  Homes homes_;
  Imbalance imbalance_;
  std::vector<Slot> slots_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings_;
  std::vector<Micros> times_;
  std::vector<std::optional<Micros>> rests_since_;  // by peer
  std::uint64_t sent_ = 0;
  std::uint64_t order_ = 0;
  Micros now_{};
};

}  // namespace

Result run(const Scenario& scenario, const confparse::UpstreamSettings& method,
           const Progress& progress) {
  return Run(scenario, method, progress).run();
}

}  // namespace sluice::simulate
