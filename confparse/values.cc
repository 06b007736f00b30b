// SPDX-License-Identifier: MIT
#include "confparse/values.h"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::confparse {
namespace {

// nginx counts in signed 64 bits.
constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();

// Longer times end nowhere: clocks count nanoseconds in 64 bits, which is 292 years.
constexpr std::chrono::seconds kLongest = std::chrono::hours{24 * 365 * 100};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_character(char c) {
  return is_digit(c) || c == '_' || (lower_case(c) >= 'a' && lower_case(c) <= 'z');
}

std::optional<std::uint64_t> multiply(std::uint64_t number, std::uint64_t scale) {
  return number > kLargest / scale ? std::nullopt : std::optional(number * scale);
}

std::optional<std::uint64_t> parse_scaled(std::string_view word, std::string_view units) {
  if (word.empty()) {
    return std::nullopt;
  }
  std::uint64_t scale = 1;
  if (const std::size_t unit = units.find(lower_case(word.back()));
      unit != std::string_view::npos) {
    scale = std::uint64_t{1024} << (10 * unit);
    word.remove_suffix(1);
  }
  const auto number = parse_number(word);
  return number ? multiply(*number, scale) : std::nullopt;
}

struct Unit {
  std::string_view name;
  std::uint64_t milliseconds;
};

// In the order in which they may follow each other.
constexpr std::uint64_t kSecond = 1000;
constexpr std::uint64_t kDay = 24 * 60 * 60 * kSecond;
constexpr std::array kUnits{
    Unit{"y", 365 * kDay},     Unit{"M", 30 * kDay},    Unit{"w", 7 * kDay}, Unit{"d", kDay},
    Unit{"h", 3600 * kSecond}, Unit{"m", 60 * kSecond}, Unit{"s", kSecond},  Unit{"ms", 1},
    Unit{" ", kSecond}};
constexpr std::size_t kWeeks = 2;         // milliseconds begin here
constexpr std::size_t kMilliseconds = 7;  // seconds end before
constexpr std::size_t kNoUnit = 8;

// Takes the unit off the front of `rest`; the end of the word counts as no unit.
std::size_t take_unit(std::string_view& rest) {
  if (rest.empty()) {
    return kNoUnit;
  }
  for (const std::size_t unit :
       {kMilliseconds, std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3},
        std::size_t{4}, std::size_t{5}, std::size_t{6}, kNoUnit}) {
    if (rest.starts_with(kUnits[unit].name)) {
      rest.remove_prefix(kUnits[unit].name.size());
      return unit;
    }
  }
  return kUnits.size();
}

std::optional<std::uint64_t> parse_time(std::string_view rest, bool in_seconds) {
  std::uint64_t total = 0;
  std::size_t allowed = in_seconds ? 0 : kWeeks;  // the largest unit that may still come
  if (rest.empty()) {
    return std::nullopt;
  }
  while (!rest.empty()) {
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) {
      ++digits;
    }
    const auto number = parse_number(rest.substr(0, digits));
    rest.remove_prefix(digits);
    const std::size_t unit = take_unit(rest);
    if (!number || unit == kUnits.size() || unit < allowed ||
        (in_seconds && unit == kMilliseconds)) {
      return std::nullopt;
    }
    allowed = unit + 1;
    const std::uint64_t scale =
        in_seconds ? kUnits[unit].milliseconds / kSecond : kUnits[unit].milliseconds;
    const auto part = multiply(*number, scale);
    if (!part || total > kLargest - *part) {
      return std::nullopt;
    }
    total += *part;
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  return total;
}

// Behind the `$`: takes a name off the front of `rest`, or says what is wrong.
std::string take_variable(std::string_view& rest) {
  const bool braced = rest.starts_with('{');
  rest.remove_prefix(braced ? 1 : 0);
  const auto* const end = std::ranges::find_if_not(rest, is_name_character);
  const std::string name(rest.begin(), end);
  rest.remove_prefix(name.size());
  if (braced && !rest.starts_with('}')) {
    return rest.empty() && name.empty()
               ? "invalid variable name"
               : "the closing bracket in \"" + name + "\" variable is missing";
  }
  rest.remove_prefix(braced ? 1 : 0);
  return name.empty() ? "invalid variable name" : "";
}

}  // namespace

char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower_case, lower_case);
}

std::optional<std::uint64_t> parse_number(std::string_view word) {
  if (word.empty()) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const char c : word) {
    if (!is_digit(c)) {
      return std::nullopt;
    }
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (kLargest - digit) / 10) {
      return std::nullopt;
    }
    number = number * 10 + digit;
  }
  return number;
}

std::optional<std::uint64_t> parse_size(std::string_view word) {
  return parse_scaled(word, "km");
}

std::optional<std::uint64_t> parse_offset(std::string_view word) {
  return parse_scaled(word, "kmg");
}

std::optional<bool> parse_flag(std::string_view word) {
  if (equal_ignoring_case(word, "on")) {
    return true;
  }
  return equal_ignoring_case(word, "off") ? std::optional(false) : std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view word) {
  const auto time = parse_time(word, false);
  return time ? std::optional(
                    std::min<std::chrono::milliseconds>(std::chrono::milliseconds(*time), kLongest))
              : std::nullopt;
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view word) {
  const auto time = parse_time(word, true);
  return time ? std::optional(std::min(std::chrono::seconds(*time), kLongest)) : std::nullopt;
}

bool has_variables(std::string_view text) {
  return text.find('$') != std::string_view::npos;
}

std::string variable_complaint(std::string_view text) {
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$')) {
    text.remove_prefix(at + 1);
    if (std::string complaint = take_variable(text); !complaint.empty()) {
      return complaint;
    }
  }
  return {};
}

}  // namespace sluice::confparse
