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
    for (std::size_t step = 0; step < size_; ++step) {
      const auto peer = static_cast<Index>((start + step) % size_);
      if (contains(peer)) {
        return peer;
      }
    }
    return start;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace sluice::balancers
