// SPDX-License-Identifier: MIT
#include "upstream/health.h"

#include <algorithm>

namespace sluice::upstream {

balancers::Clock::time_point whole_seconds(balancers::Clock::time_point time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

void note_picked(Peer& peer, balancers::Clock::time_point now) {
  if (now - peer.checked > peer.fail_timeout) {
    peer.checked = now;
    peer.probed = peer.rests_since != balancers::Clock::time_point{};
  }
}

bool note_failure(Peer& peer, balancers::Clock::time_point now) {
  ++peer.fails;
  peer.accessed = now;
  peer.checked = now;
  if (peer.max_fails == 0) {
    return false;
  }
  peer.effective_weight =
      std::max<std::int64_t>(0, peer.effective_weight - peer.weight / peer.max_fails);
  const bool was_resting = peer.rests_since != balancers::Clock::time_point{};
  if (peer.fails < peer.max_fails || (was_resting && !peer.probed)) {
    return false;
  }
  if (!was_resting) {
    peer.rests_since = now;
  }
  peer.probed = false;
  return true;
}

bool note_success(Peer& peer) {
  if (peer.accessed >= peer.checked) {
    return false;
  }
  const bool had_rested = peer.max_fails > 0 && peer.fails >= peer.max_fails;
  peer.fails = 0;
  peer.rests_since = {};
  peer.probed = false;
  return had_rested;
}

}  // namespace sluice::upstream
