// SPDX-License-Identifier: MIT
// $request_id: 16 random bytes as 32 hex digits.
#pragma once

#include <array>

namespace sluice::routing {

void fill_request_id(std::array<char, 32>& id);

}  // namespace sluice::routing
