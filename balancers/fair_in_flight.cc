// SPDX-License-Identifier: MIT
// `fair by=in_flight`, `fair no_rr`, `fair weight_mode=idle|peak`: what the nginx module called
// fair does.  An idle peer if there is one, else the peer with the fewest attempts in flight, of
// equals the one asked longest ago.
//
// Unlike the module we ask a failed peer again after its fail_timeout even while others are idle.
#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "balancers/fair_words.h"

namespace sluice::balancers {
namespace {

// Below the attempts in flight, a score holds 20 bits for how recently the peer was asked.
constexpr std::uint64_t kRecent = (1 << 20) - 1;

struct Turn {
  std::uint64_t credit = 0;  // the module's current weight: one less a pick; at 0 it is full again
  std::uint64_t last_request = 0;  // the number of the request it got last
};

class FairInFlight final : public Balancer {
 public:
  FairInFlight(const FairWords& words, std::span<const Peer> peers)
      : mode_(words.weight_mode), round_robin_(!words.no_rr) {
    follow(peers);
  }

  PeerIndex pick(const Choice& choice) override {
    follow(choice.peers);
    if (!choice.request.started) {
      choice.request.started = true;
      ++requests_;
    }
    std::size_t place = find_idle(choice);
    if (place == kNoPlace) {
      place = find_busy(choice);
    }
    if (place == kNoPlace) {
      return give_up(choice.peers);
    }
    return take(place, choice.peers);
  }

 private:
  static constexpr std::size_t kNoPlace = std::numeric_limits<std::size_t>::max();

  // Sorts the peers heaviest first; anew when peers were appended.
  void follow(std::span<const Peer> peers) {
    if (order_.size() == peers.size()) {
      return;
    }
    turns_.resize(peers.size());
    order_.resize(peers.size());
    std::iota(order_.begin(), order_.end(), PeerIndex{0});
    std::ranges::stable_sort(order_, std::greater{}, [&](PeerIndex i) { return peers[i].weight; });
    start_ = 0;
  }

  // Calls visit(place) for the candidates in their order, once round, until it returns true.
  template <class Visit>
  void visit_round(const Choice& choice, Visit visit) const {
    std::size_t place = start_;
    for (std::size_t left = order_.size(); left > 0; --left) {
      if (choice.candidates.contains(order_[place]) && visit(place)) {
        return;
      }
      place = place + 1 < order_.size() ? place + 1 : 0;
    }
  }

  // A peer without work; with weight_mode=idle one with less work than its weight is idle too.
  [[nodiscard]] std::size_t find_idle(const Choice& choice) const {
    const bool fill_up = mode_ == WeightMode::idle && !round_robin_;
    std::size_t found = kNoPlace;
    std::uint32_t fewest = 0;
    visit_round(choice, [&](std::size_t place) {
      const Peer& peer = choice.peers[order_[place]];
      const std::uint32_t room = mode_ == WeightMode::idle ? peer.weight : 1;
      if (peer.connections >= room || failed_lately(peer, choice.now)) {
        return false;
      }
      // Filling up prefers a peer that is at work already: it may be started on demand.
      if (found == kNoPlace || (peer.connections > 0 && peer.connections < fewest)) {
        found = place;
        fewest = peer.connections;
      }
      return !fill_up;
    });
    return found;
  }

  [[nodiscard]] std::size_t find_busy(const Choice& choice) const {
    std::size_t found = kNoPlace;
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    visit_round(choice, [&](std::size_t place) {
      const Peer& peer = choice.peers[order_[place]];
      const bool full = mode_ == WeightMode::peak && peer.connections >= peer.weight;
      const std::uint64_t score = full ? 0 : score_of(peer, turns_[order_[place]]);
      if (!full && score <= lowest) {
        found = place;
        lowest = score;
      }
      return false;
    });
    return found;
  }

  static bool failed_lately(const Peer& peer, Clock::time_point now) {
    return peer.fails > 0 && now - peer.checked <= peer.fail_timeout;
  }

  [[nodiscard]] std::uint64_t score_of(const Peer& peer, const Turn& turn) const {
    const std::uint64_t age = std::min(requests_ - turn.last_request, kRecent);
    const std::uint64_t score = std::uint64_t{peer.connections} << 20 | (~age & kRecent);
    if (mode_ != WeightMode::none) {
      return score;
    }
    std::uint64_t weight = turn.credit;
    if (peer.max_fails > 0) {
      weight = weight * (peer.max_fails - std::min(peer.fails, peer.max_fails)) / peer.max_fails;
    }
    return weight > 0 ? score / weight : score;
  }

  PeerIndex take(std::size_t place, std::span<const Peer> peers) {
    const PeerIndex peer = order_[place];
    Turn& turn = turns_[peer];
    if (mode_ == WeightMode::none) {
      turn.credit = turn.credit == 0 ? peers[peer].weight : turn.credit - 1;
    }
    turn.last_request = requests_;
    if (round_robin_) {
      start_ = (place + 1) % order_.size();
    }
    return peer;
  }

  // Everybody carries all that weight_mode=peak allows.  As in the module, failures are forgiven.
  static PeerIndex give_up(std::span<Peer> peers) {
    for (Peer& peer : peers) {
      peer.fails = 0;
    }
    return kNobody;
  }

  const WeightMode mode_;
  const bool round_robin_;
  std::vector<PeerIndex> order_;  // place to peer, heaviest first
  std::vector<Turn> turns_;       // by peer index
  std::size_t start_ = 0;         // the place to begin at
  std::uint64_t requests_ = 0;
};

}  // namespace

std::unique_ptr<Balancer> make_fair_in_flight(Words words, std::span<const Peer> peers) {
  return std::make_unique<FairInFlight>(read_fair_words(words), peers);
}

}  // namespace sluice::balancers
