// SPDX-License-Identifier: MIT
// Words become values: "30s", "8k", "on", "12".  nginx's rules, ranges included.
// Pure: nothing here knows a directive, so the callers word the errors.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::confparse {

char lower_case(char c);  // ASCII only, whatever the locale
bool equal_ignoring_case(std::string_view one, std::string_view other);

std::optional<std::uint64_t> parse_number(std::string_view word);  // decimal digits only
std::optional<std::uint64_t> parse_size(std::string_view word);    // 8k 1m; no gigabytes in nginx
std::optional<std::uint64_t> parse_offset(std::string_view word);  // 8k 1m 1G
std::optional<bool> parse_flag(std::string_view word);             // on off, any case

// "1h30m", "500ms", "30" (seconds); units from large to small.  Milliseconds know no months and
// years, seconds no milliseconds.  More than a hundred years is a hundred years.
std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view word);
std::optional<std::chrono::seconds> parse_seconds(std::string_view word);

// Has the text a `$variable` (or a capture, `$1`)?
bool has_variables(std::string_view text);

// What is wrong with the spelling of the variables in a text, or empty.  Whether they exist is
// asked later, by whoever compiles the text.
std::string variable_complaint(std::string_view text);

}  // namespace sluice::confparse
