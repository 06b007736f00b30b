// SPDX-License-Identifier: MIT
// How far the picks are from what the weights say, slice by slice: which part of a slice's requests
// would have to go to another peer.  0: exactly as wanted.
#pragma once

#include <cstdint>
#include <vector>

#include "simulate/scenario.h"

namespace sluice::simulate {

// Each peer's share of what its group should get: backups and `down` peers want nothing.
std::vector<std::uint64_t> wanted_weights(const Scenario& scenario);

class Imbalance {
 public:
  explicit Imbalance(const Scenario& scenario);

  void note(std::size_t peer);
  [[nodiscard]] std::uint64_t slice() const { return slice_; }
  // In thousandths; a last slice that did not get full is left out, unless it is the only one.
  std::vector<std::uint32_t> finish();

 private:
  void close_slice();

  std::vector<std::uint64_t> weights_;
  std::uint64_t total_ = 0;
  std::uint64_t slice_ = 0;
  std::uint64_t noted_ = 0;
  std::vector<std::uint64_t> got_;
  std::vector<std::uint32_t> slices_;
};

}  // namespace sluice::simulate
