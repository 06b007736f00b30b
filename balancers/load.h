// SPDX-License-Identifier: MIT
// Which of two peers has more to do?  Attempts in flight per weight, for least_conn and random two.
#pragma once

#include <compare>
#include <cstdint>

#include "balancers/balancer.h"

namespace sluice::balancers {

inline std::strong_ordering compare_load(const Peer& one, const Peer& other) {
  return std::uint64_t{one.connections} * other.weight <=>
         std::uint64_t{other.connections} * one.weight;
}

}  // namespace sluice::balancers
