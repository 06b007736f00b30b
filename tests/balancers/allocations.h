// SPDX-License-Identifier: MIT
// How often did this executable call operator new?
#pragma once

#include <cstddef>

namespace sluice::balancers {

std::size_t allocations();

}  // namespace sluice::balancers
