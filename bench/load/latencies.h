// SPDX-License-Identifier: MIT
// How long did they take?  A histogram whose buckets grow with the value: 1 % of it at most, in 20
// KiB, so that a request is counted without an allocation.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sluice::load {

class Latencies {
 public:
  void add(std::uint64_t nanoseconds) {
    ++buckets_[bucket(nanoseconds)];
    ++count_;
    largest_ = std::max(largest_, nanoseconds);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t largest() const { return largest_; }

  // The value that this share (0.99) of all did not exceed: its bucket's upper end.
  [[nodiscard]] std::uint64_t quantile(double share) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_ - 1)) + 1;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen >= wanted) return std::min(upper_end(i), largest_);
    }
    return largest_;
  }

 private:
  // The first 128 values have a bucket each; after that each power of two has 64.
  static constexpr unsigned kBits = 6;
  static constexpr std::size_t kStep = std::size_t{1} << kBits;

  static std::size_t bucket(std::uint64_t value) {
    if (value < 2 * kStep) return static_cast<std::size_t>(value);
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return std::min(shift * kStep + static_cast<std::size_t>(value >> shift), kBuckets - 1);
  }
  static std::uint64_t upper_end(std::size_t bucket) {
    if (bucket < 2 * kStep) return bucket;
    const std::size_t shift = bucket / kStep - 1;
    return ((bucket % kStep + kStep + 1) << shift) - 1;
  }

  static constexpr std::size_t kBuckets = kStep * 40;  // beyond an hour in nanoseconds
  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace sluice::load
