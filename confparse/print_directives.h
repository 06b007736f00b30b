// SPDX-License-Identifier: MIT
// docs/DIRECTIVES.md, printed from the rows so that it cannot be wrong.
#pragma once

#include <ostream>
#include <span>

#include "confparse/load.h"

namespace sluice::confparse {

// A markdown table of every directive: where it may stand, its words, its default, what it does.
// `strategies` are the directives of upstream that come from outside.
void print_directives(std::ostream& out, std::span<const StrategyRow> strategies = {});

}  // namespace sluice::confparse
