// SPDX-License-Identifier: MIT
// `sticky cookie|route|learn …`: how requests are bound to peers.
#pragma once

#include "confparse/line.h"

namespace sluice::confparse {

void set_sticky(Line& line);

}  // namespace sluice::confparse
