// SPDX-License-Identifier: MIT
// The directives of upstream that choose a strategy: rows made from LoadRequest::strategies.
#pragma once

#include <span>
#include <vector>

#include "confparse/line.h"
#include "confparse/load.h"

namespace sluice::confparse {

// The names are views into `strategies`.
std::vector<Rule> strategy_rules(std::span<const StrategyRow> strategies);

// May the chosen strategy have such servers, and so much weight?  Asked when the block is complete.
void check_servers(const Line& block, const UpstreamSettings& upstream);

}  // namespace sluice::confparse
