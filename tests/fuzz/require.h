// SPDX-License-Identifier: MIT
// What must hold for every input: a broken promise ends the fuzzer, which keeps the input.
#pragma once

#include <cstdlib>
#include <string_view>

namespace sluice::tests {

inline void require(bool condition) {
  if (!condition) std::abort();
}

// An empty view may point anywhere.
inline void require_inside(std::string_view part, std::string_view whole) {
  if (part.empty()) return;
  require(part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace sluice::tests
