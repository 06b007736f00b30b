// SPDX-License-Identifier: MIT
// Pseudo-random numbers that are the same on any machine (SplitMix64, Steele and others 2014).
#pragma once

#include <cstdint>

namespace sluice::simulate {

class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
  }

  // 0 … limit − 1.  The bias is below limit / 2^64.
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

 private:
  std::uint64_t state_;
};

}  // namespace sluice::simulate
