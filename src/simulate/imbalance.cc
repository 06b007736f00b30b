// SPDX-License-Identifier: MIT
#include "simulate/imbalance.h"

#include <algorithm>
#include <numeric>

namespace sluice::simulate {
namespace {

constexpr std::uint64_t kSlices = 60;

}  // namespace

std::vector<std::uint64_t> wanted_weights(const Scenario& scenario) {
  std::vector<std::uint64_t> weights;
  for (const SimulatedPeer& peer : scenario.peers) {
    const bool wants = !peer.server.down && !peer.server.drain && !peer.server.backup;
    weights.push_back(wants ? peer.server.weight : 0);
  }
  return weights;
}

// A slice holds whole rounds where it can: round robin over it is then exact.
Imbalance::Imbalance(const Scenario& scenario)
    : weights_(wanted_weights(scenario)), got_(weights_.size()) {
  total_ = std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0});
  slice_ = (scenario.requests + kSlices - 1) / kSlices;
  if (total_ > 0 && total_ <= scenario.requests) {
    slice_ = (slice_ + total_ - 1) / total_ * total_;
  }
}

void Imbalance::note(std::size_t peer) {
  ++got_[peer];
  if (++noted_ == slice_) {
    close_slice();
  }
}

void Imbalance::close_slice() {
  std::uint64_t wrong = 0;  // twice, and times total_
  for (std::size_t i = 0; i < got_.size(); ++i) {
    const std::uint64_t got = got_[i] * total_;
    const std::uint64_t wanted = noted_ * weights_[i];
    wrong += got > wanted ? got - wanted : wanted - got;
  }
  const std::uint64_t all = 2 * noted_ * std::max<std::uint64_t>(total_, 1);
  slices_.push_back(static_cast<std::uint32_t>((wrong * 1000 + all / 2) / all));
  got_.assign(got_.size(), 0);
  noted_ = 0;
}

std::vector<std::uint32_t> Imbalance::finish() {
  if (slices_.empty() && noted_ > 0) {
    close_slice();
  }
  return std::move(slices_);
}

}  // namespace sluice::simulate
