// SPDX-License-Identifier: MIT
// What may stand behind the key of `hash KEY [consistent] [again=N];`.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

#include "balancers/strategies.h"

namespace sluice::balancers {

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
      if (error == std::errc{} && rest == end) {
        continue;
      }
    }
    result.bad = word;
    break;
  }
  return result;
}

}  // namespace sluice::balancers
