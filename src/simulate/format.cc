// SPDX-License-Identifier: MIT
#include "simulate/format.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::simulate {
namespace {

// Cells on a terminal: the bytes that begin a letter.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// 1250 → "1.250"
std::string in_thousands(std::int64_t number) {
  const std::string rest = std::to_string(number % 1000);
  return grouped(static_cast<std::uint64_t>(number / 1000)) + "." +
         std::string(3 - rest.size(), '0') + rest;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, ",");
  }
  return text;
}

std::string counted(std::uint64_t number, std::string thing) {
  return grouped(number) + " " + std::move(thing) + (number == 1 ? "" : "s");
}

std::string thousandths_as_percent(std::uint64_t thousandths) {
  return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + " %";
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : thousandths_as_percent((part * 1000 + whole / 2) / whole);
}

std::string milliseconds(Micros time) {
  return in_thousands(time.count()) + " ms";
}

std::string seconds(Micros time) {
  return in_thousands((time.count() + 500) / 1000) + " s";
}

Micros mean(Micros sum, std::uint64_t count) {
  const auto divisor = static_cast<std::int64_t>(std::max<std::uint64_t>(count, 1));
  return Micros{(sum.count() + divisor / 2) / divisor};
}

std::string bar(std::uint64_t part, std::uint64_t whole, std::uint64_t width) {
  const std::uint64_t halves = whole == 0 ? 0 : (part * width * 2 + whole / 2) / whole;
  std::string text;
  for (std::uint64_t cell = 0; cell < halves / 2; ++cell) {
    text += "█";
  }
  return halves % 2 == 1 ? text + "▌" : text;
}

std::string sparkline(std::span<const std::uint32_t> values, std::uint32_t highest) {
  constexpr std::array<std::string_view, 8> kHeights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string text;
  for (const std::uint32_t value : values) {
    const std::uint32_t height = highest == 0 ? 0 : (value * 7 + highest / 2) / highest;
    text += kHeights[std::min<std::uint32_t>(height, 7)];
  }
  return text;
}

std::string table(const std::vector<Row>& rows, const std::string& alignment) {
  std::vector<std::size_t> widths(alignment.size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - width_of(row[i]), ' ');
      line += i == 0 ? "" : "  ";
      line += alignment[i] == 'l' ? row[i] + blanks : blanks + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace sluice::simulate
