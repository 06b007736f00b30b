// SPDX-License-Identifier: MIT
// Which strategies are there?  One row each; a new strategy adds its factory's name and its row.
#include "balancers/strategies.h"

#include <algorithm>

#include "balancers/fair_words.h"
#include "balancers/hash_words.h"

namespace sluice::balancers {

using Make = std::unique_ptr<Balancer>(Words words, std::span<const Peer> peers);
using Complain = std::string(Words words);

// Each stands in the file of its name.
Make make_round_robin, make_ip_hash, make_url_hash, make_consistent_hash, make_fair_by_time,
    make_fair_in_flight, make_least_conn, make_least_time, make_random;
Complain complain_least_time, complain_random;

namespace {

std::string no_complaint(Words) {
  return {};
}

std::string invalid(std::string_view word) {
  return word.empty() ? "" : "invalid parameter \"" + std::string(word) + "\"";
}

std::string complain_hash(Words words) {
  return invalid(read_hash_words(words).bad);
}

std::uint64_t any_weight(Words) {
  return 0;
}

std::uint64_t most_weight_of_hash(Words words) {
  return read_hash_words(words).consistent ? kMostRingWeight : 0;
}

std::unique_ptr<Balancer> make_hash(Words words, std::span<const Peer> peers) {
  return read_hash_words(words).consistent ? make_consistent_hash(words, peers)
                                           : make_url_hash(words, peers);
}

std::string complain_fair(Words words) {
  return invalid(read_fair_words(words).bad);
}

std::unique_ptr<Balancer> make_fair(Words words, std::span<const Peer> peers) {
  return read_fair_words(words).in_flight ? make_fair_in_flight(words, peers)
                                          : make_fair_by_time(words, peers);
}

// clang-format off
constexpr Strategy kStrategies[] = {
    // directive    words   backup  key     complaint             most weight           factory
    {"",            0, 0,   true,   false,  no_complaint,         any_weight,           make_round_robin},
    {"ip_hash",     0, 0,   false,  false,  no_complaint,         any_weight,           make_ip_hash},
    {"hash",        1, 3,   false,  true,   complain_hash,        most_weight_of_hash,  make_hash},
    {"fair",        0, 3,   true,   false,  complain_fair,        any_weight,           make_fair},
    {"least_conn",  0, 0,   true,   false,  no_complaint,         any_weight,           make_least_conn},
    {"least_time",  1, 2,   true,   false,  complain_least_time,  any_weight,           make_least_time},
    {"random",      0, 2,   false,  false,  complain_random,      any_weight,           make_random},
};
// clang-format on

}  // namespace

std::span<const Strategy> strategies() {
  return kStrategies;
}

const Strategy* find_strategy(std::string_view directive) {
  const auto* const row = std::ranges::find(kStrategies, directive, &Strategy::directive);
  return row == std::end(kStrategies) ? nullptr : row;
}

}  // namespace sluice::balancers
