// SPDX-License-Identifier: MIT
// The nearest name to a mistyped one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sluice::confparse {

// Letters inserted, dropped, changed or swapped with their neighbour; upper and lower case alike.
std::size_t edit_distance(std::string_view one, std::string_view other);

// The candidate nearest to `word`, or empty when none is near enough to have been meant.  The
// earlier candidate wins a tie.  A view into `candidates`.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// `did you mean "proxy_read_timeout"?`, or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

// `expected "on" or "off"`, or `did you mean "on"?` when one of them is near.
std::string expected_one_of(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sluice::confparse
