// SPDX-License-Identifier: MIT
// Numbers as nginx's variables write them, added without a temporary string.
#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>

namespace sluice::routing {

template <std::unsigned_integral T>
void append_number(std::string& out, T value, int base = 10) {
  std::array<char, 20> text;  // of 2^64
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, base).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

inline void append_hex(std::string& out, unsigned value) {
  append_number(out, value, 16);
}

// Three digits at least: nginx's %03ui.
inline void append_three_digits(std::string& out, unsigned value) {
  if (value < 100) out += '0';
  if (value < 10) out += '0';
  append_number(out, value);
}

// "0.042".  A clock that went back counts as no time.
inline void append_seconds(std::string& out, std::chrono::milliseconds time) {
  const auto count = static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count());
  append_number(out, count / 1000);
  out += '.';
  append_three_digits(out, static_cast<unsigned>(count % 1000));
}

}  // namespace sluice::routing
