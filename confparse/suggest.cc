// SPDX-License-Identifier: MIT
#include "confparse/suggest.h"

#include <algorithm>
#include <vector>

namespace sluice::confparse {
namespace {

// Nobody mistypes a word this long; without a limit a binary file would cost minutes.
constexpr std::size_t kLongestWord = 64;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

// Optimal string alignment; three rows are enough.
std::size_t edit_distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> before(other.size() + 1);
  std::vector<std::size_t> above(other.size() + 1);
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) {
    above[j] = j;
  }
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const bool same = lower(one[i - 1]) == lower(other[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && lower(one[i - 1]) == lower(other[j - 2]) &&
          lower(one[i - 2]) == lower(other[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[other.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kLongestWord) {
    return {};
  }
  // One mistake in a short word, about one in three letters at most.
  std::size_t best = std::clamp<std::size_t>(word.size() / 3, 1, 4) + 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    if (longer - shorter >= best) {  // spares a binary file most of the work
      continue;
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best && distance < longer) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view found = nearest(word, candidates);
  return found.empty() ? "" : "did you mean \"" + std::string(found) + "\"?";
}

std::string expected_one_of(std::string_view word, std::span<const std::string_view> candidates) {
  if (std::string advice = did_you_mean(word, candidates); !advice.empty()) {
    return advice;
  }
  std::string advice = "expected";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    advice += i == 0 ? " " : i + 1 == candidates.size() ? " or " : ", ";
    advice += "\"" + std::string(candidates[i]) + "\"";
  }
  return advice;
}

}  // namespace sluice::confparse
