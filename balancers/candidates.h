// SPDX-License-Identifier: MIT
// The peers that may be asked now: a set of peer indexes, in configuration order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::balancers {

// Kept by its owner from pick to pick, so that filling it does not allocate once warm.
class Candidates {
 public:
  using Index = std::uint32_t;

  // Empties the set and makes room for indexes below `peers`.
  void reset(std::size_t peers) {
    size_ = peers;
    count_ = 0;
    words_.assign((peers + 63) / 64, 0);
  }

  void add(Index peer) {
    std::uint64_t& word = words_[peer / 64];
    const std::uint64_t bit = std::uint64_t{1} << (peer % 64);
    count_ += (word & bit) == 0;
    word |= bit;
  }

  [[nodiscard]] bool contains(Index peer) const {
    return (words_[peer / 64] >> (peer % 64) & 1) != 0;
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // How many peers the set was made for.
  [[nodiscard]] std::size_t size() const { return size_; }

  // The first candidate at `start` or after it, going round once; the set is not empty.
  [[nodiscard]] Index first_from(Index start) const {
    const Index word = start / 64;
    if (const std::uint64_t rest = words_[word] >> (start % 64); rest != 0) {
      return start + lowest_bit(rest);
    }
    for (std::size_t step = 1; step <= words_.size(); ++step) {
      const std::size_t next = (word + step) % words_.size();
      if (words_[next] != 0) {
        return static_cast<Index>(next * 64) + lowest_bit(words_[next]);
      }
    }
    return start;
  }

  // Calls visit(index) for each candidate, in configuration order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (std::uint64_t rest = words_[word]; rest != 0; rest &= rest - 1) {
        visit(static_cast<Index>(word * 64) + lowest_bit(rest));
      }
    }
  }

 private:
  static Index lowest_bit(std::uint64_t bits) { return static_cast<Index>(std::countr_zero(bits)); }

  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace sluice::balancers
