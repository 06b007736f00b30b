// SPDX-License-Identifier: MIT
// `sluice simulate`: what the balancing of a configuration does, before it runs.
// Called by main() with the loaded upstreams; reads no clock but to show progress.
#pragma once

#include <string>
#include <vector>

#include "confparse/settings/upstream.h"
#include "simulate/error.h"
#include "simulate/options.h"

namespace sluice::simulate {

// The text for stdout.  `file` is the configuration's name, for messages.  Throws Error.
// `shows_progress`: say on stderr how far a long run is.
std::string simulate(const Options& options,
                     const std::vector<confparse::UpstreamSettings>& upstreams,
                     const std::string& file, bool shows_progress);

}  // namespace sluice::simulate
