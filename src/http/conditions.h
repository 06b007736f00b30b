// SPDX-License-Identifier: MIT
// Is what a client has still what there is?  If-Match and its like: RFC 9110, section 13.
#pragma once

#include <cstdint>
#include <ctime>
#include <string_view>

#include "http/head.h"

namespace sluice::http {

// What tells one version of a content from another.
struct Validators {
  std::string_view tag;       // ETag; empty: there is none
  std::time_t modified = -1;  // Last-Modified; -1: there is none
};

// How If-Modified-Since is taken: not at all; for this time only; for any time from this one on.
enum class Since : std::uint8_t { off, exact, before };

// 304: the client has it.  412: a condition does not hold.  0: neither.
// A tag decides alone where there is one beside a time, as RFC 9110 wants it.
std::uint16_t check_conditions(const Headers& request, const Validators& present, Since since);

// Does the value of an If-Range header name what is there?  Then the client gets its range.
bool if_range_holds(std::string_view value, const Validators& present);

}  // namespace sluice::http
