// SPDX-License-Identifier: MIT
// When does a failing peer rest?  After `max_fails` failures it is not asked for `fail_timeout`;
// then one request at a time tries it again (ngx_http_upstream_round_robin.c's rules).
// Called by Upstream under its lock.
#pragma once

#include "balancers/balancer.h"

namespace sluice::upstream {

using balancers::Peer;

// nginx counts health in whole seconds; so do we, to agree with it.
balancers::Clock::time_point whole_seconds(balancers::Clock::time_point time);

// These two are asked of every peer for each pick.

// Failed too often, and its rest is not over.
inline bool is_resting(const Peer& peer, balancers::Clock::time_point now) {
  return peer.max_fails > 0 && peer.fails >= peer.max_fails &&
         now - peer.checked <= peer.fail_timeout;
}
// At max_conns.
inline bool is_full(const Peer& peer) {
  return peer.max_connections > 0 && peer.connections >= peer.max_connections;
}

// The peer was picked: when its rest is over, this request is its probe.
void note_picked(Peer& peer, balancers::Clock::time_point now);
// True when the peer rests from now on, for the first time or again after a probe.  What else was
// under way when its rest began fails too, most likely: that is no news.
bool note_failure(Peer& peer, balancers::Clock::time_point now);
// True when the peer had rested and is well again.
bool note_success(Peer& peer);

}  // namespace sluice::upstream
