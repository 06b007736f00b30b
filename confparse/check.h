// SPDX-License-Identifier: MIT
// What can be judged only when the whole http block is known.
#pragma once

#include "confparse/scope.h"

namespace sluice::confparse {

// Throws ConfigError: addresses claimed twice, log formats nobody defined, an upstream with a port.
// Adds warnings for server names that can never be reached.
void check_http(Loading& loading);

}  // namespace sluice::confparse
