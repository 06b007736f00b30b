// SPDX-License-Identifier: MIT
#include "simulate/peer_clock.h"

#include <algorithm>
#include <functional>

namespace sluice::simulate {
namespace {

bool is_in(const Window& window, const Moment& moment) {
  const std::uint64_t now =
      window.in_time ? static_cast<std::uint64_t>(moment.time.count()) : moment.request;
  return now >= window.from && now < window.to;
}

}  // namespace

PeerClock::PeerClock(const Scenario& scenario)
    : scenario_(scenario),
      chance_(scenario.seed ^ 0x706565727300),  // others than those of the requests
      down_(scenario.peers.size()),
      down_now_(scenario.peers.size()),
      free_(scenario.peers.size(), std::vector<Micros>(scenario.parallel)) {}

bool PeerClock::advance(const Moment& moment, std::vector<Event>& changes) {
  if (scenario_.down.empty()) {
    return false;
  }
  down_now_.assign(down_.size(), false);
  for (const DownWindow& down : scenario_.down) {
    if (is_in(down.window, moment)) {
      down_now_[down.peer] = true;
    }
  }
  if (down_now_ == down_) {
    return false;
  }
  for (std::size_t peer = 0; peer < down_.size(); ++peer) {
    if (down_[peer] != down_now_[peer]) {
      changes.push_back({down_now_[peer] ? Event::Kind::down : Event::Kind::up, peer,
                         moment.request, moment.time});
    }
  }
  down_.swap(down_now_);
  return true;
}

Micros PeerClock::service_time(std::size_t peer, const Moment& moment) {
  Micros time = kUsualService;
  for (const SlowWindow& slow : scenario_.slow) {
    if (slow.peer == peer && is_in(slow.window, moment)) {
      time = slow.service_time;
    }
  }
  if (scenario_.jitter > 0) {
    const auto most = static_cast<std::uint64_t>(time.count()) * scenario_.jitter / 100;
    time += Micros{static_cast<std::int64_t>(chance_.below(2 * most + 1))} -
            Micros{static_cast<std::int64_t>(most)};
  }
  return time;
}

Micros PeerClock::answer_time(std::size_t peer, const Moment& moment) {
  const Micros service = service_time(peer, moment);
  std::vector<Micros>& workers = free_[peer];
  if (workers.empty()) {
    return moment.time + service;
  }
  std::ranges::pop_heap(workers, std::greater<>{});
  workers.back() = std::max(workers.back(), moment.time) + service;
  const Micros done = workers.back();
  std::ranges::push_heap(workers, std::greater<>{});
  return done;
}

}  // namespace sluice::simulate
