// SPDX-License-Identifier: MIT
// What if: how many clients or URIs would go to another peer with one server more, or one fewer, in
// the configuration?  Unlike a peer that is down, that changes what the hashes lead to.
#pragma once

#include <vector>

#include "simulate/result.h"
#include "simulate/scenario.h"

namespace sluice::simulate {

// Empty for methods that look at neither client nor URI alone.
std::vector<Change> changes(const Scenario& scenario, const confparse::UpstreamSettings& method);

}  // namespace sluice::simulate
