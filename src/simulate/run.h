// SPDX-License-Identifier: MIT
// One method on a virtual clock: C clients, each with its next request as soon as the last is
// answered; peers that need their time; the proxy's own Upstream between them.
#pragma once

#include <functional>

#include "simulate/result.h"
#include "simulate/scenario.h"

namespace sluice::simulate {

// Called now and then with the number of requests sent; may be empty.
using Progress = std::function<void(std::uint64_t sent)>;

Result run(const Scenario& scenario, const confparse::UpstreamSettings& method,
           const Progress& progress);

}  // namespace sluice::simulate
