// SPDX-License-Identifier: MIT
// A group of peers with a strategy, kept as an upstream would keep it but without any health rules:
// a test says itself who is down, and who fails.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "balancers/strategies.h"

namespace sluice::balancers {

using Weights = std::vector<std::uint32_t>;

// "hash $uri consistent" → directive and words; "" is round robin.
inline std::unique_ptr<Balancer> make_balancer(const std::string& line,
                                               std::span<const Peer> peers) {
  std::istringstream stream{line};
  std::string directive;
  stream >> directive;
  const std::vector<std::string> words{std::istream_iterator<std::string>{stream}, {}};
  const Strategy* const strategy = find_strategy(directive);
  if (strategy == nullptr || !strategy->complaint(words).empty()) {
    ADD_FAILURE() << "not a method line: " << line;
    return nullptr;
  }
  return strategy->make(words, peers);
}

inline char letter(PeerIndex peer) {
  return peer == kNobody ? '-' : static_cast<char>('A' + static_cast<int>(peer));
}

// "10.1.2.3" → its four bytes.
inline std::string ipv4(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::string bytes;
  for (std::string octet; std::getline(stream, octet, '.');) {
    bytes.push_back(static_cast<char>(std::stoi(octet)));
  }
  return bytes;
}

inline Outcome failed() {
  Outcome outcome;
  outcome.failed = true;
  return outcome;
}

class Group {
 public:
  Group(const std::string& line, const Weights& weights) {
    for (const std::uint32_t weight : weights) {
      append(weight);
    }
    balancer_ = make_balancer(line, peers);
  }

  Peer& append(std::uint32_t weight) {
    Peer& peer = peers.emplace_back();
    peer.name = peer.server = "127.0.0.1:" + std::to_string(19100 + peers.size());
    peer.weight = weight;
    peer.effective_weight = weight;
    return peer;
  }

  Peer& operator[](char peer) { return peers[static_cast<std::size_t>(peer - 'A')]; }

  // One attempt that stays in flight.  `tried` may not be asked.
  PeerIndex hold(RequestState& request, const std::set<PeerIndex>& tried = {}) {
    candidates.reset(peers.size());
    for (PeerIndex index = 0; index < peers.size(); ++index) {
      if (!peers[index].down && !tried.contains(index)) {
        candidates.add(index);
      }
    }
    const PeerIndex peer = balancer_->pick({.peers = peers,
                                            .candidates = candidates,
                                            .client_address = client,
                                            .request_key = key,
                                            .now = now,
                                            .request = request});
    if (peer != kNobody) {
      EXPECT_TRUE(candidates.contains(peer));
      ++peers[peer].connections;
      if (now - peers[peer].checked > peers[peer].fail_timeout) {
        peers[peer].checked = std::chrono::floor<std::chrono::seconds>(now);  // as an upstream does
      }
    }
    return peer;
  }

  char hold() {
    RequestState request;
    return letter(hold(request));
  }

  void finish(PeerIndex peer, Outcome outcome = {}) {
    outcome.now = now;
    --peers[peer].connections;
    balancer_->report(peers, peer, outcome);
  }

  // One request with one good attempt.
  char ask() {
    RequestState request;
    const PeerIndex peer = hold(request);
    if (peer != kNobody) {
      finish(peer);
    }
    return letter(peer);
  }

  std::string ask(int times) {
    std::string picks;
    while (times-- > 0) {
      picks += ask();
    }
    return picks;
  }

  char ask_from(std::string_view address) {
    client = ipv4(address);
    return ask();
  }

  char ask_for(std::string_view request_key) {
    key = request_key;
    return ask();
  }

  // One request whose attempts all fail, until every peer was asked: "CAB".
  std::string fail_everywhere() {
    RequestState request;
    std::set<PeerIndex> tried;
    std::string picks;
    for (std::size_t left = alive(); left > 0; --left) {
      const PeerIndex peer = hold(request, tried);
      picks += letter(peer);
      finish(peer, failed());
      tried.insert(peer);
    }
    return picks;
  }

  [[nodiscard]] std::size_t alive() const {
    std::size_t count = 0;
    for (const Peer& peer : peers) {
      count += peer.down ? 0 : 1;
    }
    return count;
  }

  Balancer& balancer() { return *balancer_; }

  std::vector<Peer> peers;
  Candidates candidates;
  std::string client = ipv4("192.0.2.1");
  std::string key = "/";
  Clock::time_point now{std::chrono::hours{1}};

 private:
  std::unique_ptr<Balancer> balancer_;
};

// Numbers for property tests, the same in every run.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint32_t roll(std::uint32_t least, std::uint32_t most) {
    return std::uniform_int_distribution<std::uint32_t>{least, most}(engine_);
  }
  bool one_in(std::uint32_t n) { return roll(1, n) == 1; }

  Weights weights(std::uint32_t most_peers, std::uint32_t most_weight) {
    Weights weights(roll(1, most_peers));
    for (std::uint32_t& weight : weights) {
      weight = roll(1, most_weight);
    }
    return weights;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sluice::balancers
