// SPDX-License-Identifier: MIT
// Numbers and tables for people.  Whole numbers in, rounded half up: the same text everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "simulate/options.h"

namespace sluice::simulate {

std::string grouped(std::uint64_t number);                      // 10,000
std::string counted(std::uint64_t number, std::string thing);   // 1 request, 10,000 requests
std::string thousandths_as_percent(std::uint64_t thousandths);  // 33.3 %
std::string percent(std::uint64_t part, std::uint64_t whole);   // 33.3 %; of nothing: -
std::string milliseconds(Micros time);                          // 1.250 ms
std::string seconds(Micros time);                               // 1.250 s
Micros mean(Micros sum, std::uint64_t count);                   // of none: 0

// A bar of █ over `width` cells for part / whole, with ▌ for a half.
std::string bar(std::uint64_t part, std::uint64_t whole, std::uint64_t width);
// ▁▂▃▄▅▆▇█, one a value; `highest` is the full height.
std::string sparkline(std::span<const std::uint32_t> values, std::uint32_t highest);

using Row = std::vector<std::string>;
// The rows below each other, two blanks between columns.  `alignment` has 'l' or 'r' a column.
std::string table(const std::vector<Row>& rows, const std::string& alignment);

}  // namespace sluice::simulate
