// SPDX-License-Identifier: MIT
// The `listen` directive: an address and what its socket is told.
#pragma once

#include "confparse/line.h"

namespace sluice::confparse {

void set_listen(Line& line);

// What a server without a `listen` gets: port 80, or 8000 when we may not bind that.
Listen default_listen(const Defaults& defaults, const Position& position);

}  // namespace sluice::confparse
