// SPDX-License-Identifier: MIT
// The rows that the files variables_*.cc add to the one table, and the ways most of them share.
// For src/routing only.
#pragma once

#include <span>
#include <string_view>

#include "routing/facts.h"
#include "routing/numbers.h"
#include "routing/variables.h"

namespace sluice::routing {

struct VariableRow {
  std::string_view name;  // ends in '_': a prefix, and the rest is Variable::detail
  Variable::Append append;
};

std::span<const VariableRow> request_variables();
std::span<const VariableRow> connection_variables();
std::span<const VariableRow> upstream_variables();
std::span<const VariableRow> answer_variables();

// A view among the facts that is always there.
template <std::string_view Facts::*Field>
bool text_of(std::string& out, const Facts& facts, const Variable&) {
  out += facts.*Field;
  return true;
}

// A view among the facts that may be missing: null, or empty.
template <std::string_view Facts::*Field>
bool text_if_any(std::string& out, const Facts& facts, const Variable&) {
  out += facts.*Field;
  return !(facts.*Field).empty();
}

template <std::uint64_t Facts::*Field>
bool number_of(std::string& out, const Facts& facts, const Variable&) {
  append_number(out, facts.*Field);
  return true;
}

// Of what there is not yet: nginx's own variable has no value either then.
inline bool append_nothing(std::string&, const Facts&, const Variable&) {
  return false;
}

// Adds the values of every header of that name, joined; false when there is none.
bool append_headers(std::string& out, const http::Headers& headers, const Variable& which,
                    std::string_view joint);

// Is `header` what $http_`detail` means?  '-' is '_' there, and case is nothing.
bool is_header_called(std::string_view header, std::string_view detail);

}  // namespace sluice::routing
