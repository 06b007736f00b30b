// SPDX-License-Identifier: MIT
#include "simulate/homes.h"

#include <algorithm>

namespace sluice::simulate {

void Homes::note(std::uint32_t unit, std::size_t peer, std::uint32_t phase) {
  if (unit >= homes_.size()) {
    homes_.resize(unit + std::size_t{1});
  }
  Home& home = homes_[unit];
  const auto answering = static_cast<std::int32_t>(peer);
  const std::int32_t last = home.now >= 0 ? home.now : home.before;
  result_.returning += last >= 0 ? 1 : 0;
  result_.stayed += last == answering ? 1 : 0;
  if (phase == phase_) {  // not what a peer answers that has gone since
    home.now = answering;
  }
}

void Homes::begin_phase(std::vector<Event> causes) {
  close_phase();
  ++phase_;
  for (const Event& cause : causes) {
    const auto peer = static_cast<std::int32_t>(cause.peer);
    if (cause.kind == Event::Kind::down) {
      down_.push_back(peer);
    } else {
      std::erase(down_, peer);
    }
  }
  causes_ = std::move(causes);
}

bool Homes::is_down(std::int32_t peer) const {
  return std::ranges::find(down_, peer) != down_.end();
}

void Homes::close_phase() {
  Move move;
  move.causes = std::move(causes_);
  for (Home& home : homes_) {
    if (home.now < 0) {
      continue;
    }
    if (home.before >= 0) {
      ++move.seen;
      move.moved += home.now != home.before ? 1U : 0U;
      move.forced += home.now != home.before && is_down(home.before) ? 1U : 0U;
    }
    home.before = home.now;
    home.now = -1;
  }
  if (!move.causes.empty() && move.seen > 0) {
    result_.moves.push_back(std::move(move));
  }
}

}  // namespace sluice::simulate
