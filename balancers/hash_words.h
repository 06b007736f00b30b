// SPDX-License-Identifier: MIT
// What may stand behind the key of `hash KEY [consistent] [again=N];`.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

#include "balancers/strategies.h"

namespace sluice::balancers {

// Servers of `hash … consistent` weigh so much together at the most: 3,200,000 points of 12 bytes,
// half a second to draw.
inline constexpr std::uint64_t kMostRingWeight = 20'000;

// More tries than that would hold up everybody who waits for the upstream's lock.
inline constexpr std::uint32_t kMostAgain = 65'535;

struct HashWords {
  bool consistent = false;
  std::uint32_t again = 20;   // how often to look further before round robin decides, as in nginx
  std::string_view bad = {};  // the first word that is neither; a view into the words
};

// `words` starts with the key, which is not looked at.
inline HashWords read_hash_words(Words words) {
  constexpr std::string_view kAgain = "again=";
  HashWords result;
  for (const std::string_view word : words.subspan(1)) {
    if (word == "consistent") {
      result.consistent = true;
      continue;
    }
    const char* const end = word.data() + word.size();
    if (word.starts_with(kAgain)) {
      const auto [rest, error] = std::from_chars(word.data() + kAgain.size(), end, result.again);
      if (error == std::errc{} && rest == end && result.again <= kMostAgain) {
        continue;
      }
    }
    result.bad = word;
    break;
  }
  return result;
}

}  // namespace sluice::balancers
