// SPDX-License-Identifier: MIT
#include "confparse/line.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "confparse/paths.h"
#include "confparse/suggest.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

constexpr std::array<std::string_view, 2> kOnOff{"off", "on"};
constexpr std::array<std::string_view, 7> kOtherOff{"no",    "false",   "0",       "none",
                                                    "never", "disable", "disabled"};
constexpr std::array<std::string_view, 7> kOtherOn{"yes",    "true",    "1", "always",
                                                   "enable", "enabled", "y"};

// Other programs' words first: "no" is one swap away from "on".
std::string flag_advice(std::string_view word) {
  const auto says = [&](std::string_view other) { return equal_ignoring_case(word, other); };
  if (std::ranges::any_of(kOtherOff, says)) {
    return "did you mean \"off\"?";
  }
  if (std::ranges::any_of(kOtherOn, says)) {
    return "did you mean \"on\"?";
  }
  return did_you_mean(word, kOnOff);
}

std::string quoted(std::string_view word) {
  return "\"" + std::string(word) + "\"";
}

}  // namespace

Text Line::text_with_variables(std::size_t i) const {
  if (const std::string complaint = variable_complaint(word(i)); !complaint.empty()) {
    fail_at(i, complaint, "a variable is written \"$name\" or \"${name}\"");
  }
  return text(i);
}

bool Line::flag(std::size_t i) const {
  const auto value = parse_flag(word(i));
  if (!value) {
    fail_at(i,
            "invalid value " + quoted(word(i)) + " in " + quoted(name()) +
                " directive, it must be \"on\" or \"off\"",
            flag_advice(word(i)));
  }
  return *value;
}

std::uint64_t Line::number(std::size_t i) const {
  const auto value = parse_number(word(i));
  if (!value) {
    fail_at(i, quoted(name()) + " directive invalid number",
            "expected a whole number, as in \"10\"");
  }
  return *value;
}

std::uint64_t Line::size_value(std::size_t i) const {
  const auto value = parse_size(word(i));
  if (!value) {
    invalid_value(i, "expected a size, as in \"8k\" or \"1m\"");
  }
  return *value;
}

std::uint64_t Line::offset_value(std::size_t i) const {
  const auto value = parse_offset(word(i));
  if (!value) {
    invalid_value(i, "expected a size, as in \"8k\", \"1m\" or \"1g\"");
  }
  return *value;
}

std::chrono::milliseconds Line::duration(std::size_t i) const {
  const auto value = parse_milliseconds(word(i));
  if (!value) {
    invalid_value(i, "expected a time, as in \"500ms\", \"30s\" or \"1h30m\"");
  }
  return *value;
}

std::size_t Line::choice(std::size_t i, std::span<const std::string_view> choices) const {
  for (std::size_t found = 0; found < choices.size(); ++found) {
    if (equal_ignoring_case(word(i), choices[found])) {
      return found;
    }
  }
  fail_at(i, "invalid value " + quoted(word(i)), expected_one_of(word(i), choices));
}

std::string Line::path_below_prefix(std::string_view path) const {
  return full_path(path, scope_.loading.request.defaults.prefix);
}

void Line::fail(const std::string& message, const std::string& advice) const {
  fail_in(position(), message, advice);
}

void Line::fail_at(std::size_t i, const std::string& message, const std::string& advice) const {
  fail_in(directive_.args[i].position, message, advice);
}

// Parameters end in `=` when they have a value: `wieght=3` is near `weight=`.
void Line::invalid_parameter(std::size_t i, std::span<const std::string_view> parameters) const {
  const std::string& given = word(i);
  const std::string_view key = std::string_view(given).substr(0, given.find('=') + 1);
  for (const std::string_view parameter : parameters) {
    if (!key.empty() && key == parameter) {
      fail_at(i, "invalid parameter " + quoted(given), "the value of " + quoted(key) + " is wrong");
    }
    if (given + "=" == parameter) {
      fail_at(i, "invalid parameter " + quoted(given),
              "it needs a value: " + quoted(std::string(parameter) + "..."));
    }
  }
  const std::string_view found = nearest(key.empty() ? std::string_view(given) : key, parameters);
  const std::string_view value = std::string_view(given).substr(key.size());
  std::string meant(found);
  if (found.ends_with('=')) {
    meant += value;
  }
  fail_at(i, "invalid parameter " + quoted(given),
          found.empty() ? "" : "did you mean " + quoted(meant) + "?");
}

void Line::invalid_value(std::size_t i, const std::string& advice) const {
  fail_at(i, quoted(name()) + " directive invalid value", advice);
}

void Line::warn(const Position& position, std::string message, std::string advice) const {
  scope_.loading.warnings.push_back({position, std::move(message), std::move(advice)});
}

// The usual reason for nonsense in a line is that it swallowed the next one.
void Line::fail_in(const Position& position, const std::string& message,
                   const std::string& advice) const {
  const std::string semicolon = scope_.loading.rules.missing_semicolon(directive_, scope_.context);
  throw ConfigError(position, message, semicolon.empty() ? advice : semicolon);
}

}  // namespace sluice::confparse
