// SPDX-License-Identifier: MIT
// What stands behind an option: numbers, PEER@FROM-TO, PEER=MS, FILE or N, METHOD,METHOD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulate/options.h"

namespace sluice::simulate {

// Thrown by all of these: what the value should have been.
struct BadValue {
  std::string expected;
};

std::uint64_t number(std::string_view word, std::uint64_t least, std::uint64_t most);
DownOption parse_down(std::string_view word);
SlowOption parse_slow(std::string_view word);
Population parse_population(std::string_view word);
std::vector<std::string> split_methods(std::string_view word);

}  // namespace sluice::simulate
