// SPDX-License-Identifier: MIT
// The table of balancing strategies: the directive that chooses one, its words, its factory.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balancers/balancer.h"

namespace sluice::balancers {

// What the configuration line says behind the directive's name: `fair no_rr;` has one word.
using Words = std::span<const std::string>;

struct Strategy {
  std::string_view directive;  // "ip_hash"; round robin has none and is ""
  std::size_t least_words;
  std::size_t most_words;
  bool takes_backup;  // may the upstream have `backup` servers, and `slow_start`?
  bool has_key;       // the first word is a text with variables: the request key
  // What is wrong with the words, or an empty string; said as nginx says it.
  std::string (*complaint)(Words words);
  // How much the servers may weigh together; 0: no limit.  Whoever lists each unit of weight has
  // one.
  std::uint64_t (*most_weight)(Words words);
  // Makes the strategy for these peers.  Called once per upstream; the words passed complaint().
  // Peers may be appended to the group later, never taken away or reordered.
  std::unique_ptr<Balancer> (*make)(Words words, std::span<const Peer> peers);
};

// Every strategy, the default (round robin) first.
std::span<const Strategy> strategies();

// The strategy with this directive name, or nullptr.
const Strategy* find_strategy(std::string_view directive);

}  // namespace sluice::balancers
