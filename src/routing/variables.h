// SPDX-License-Identifier: MIT
// The table of variables: a name, and how its value comes from the facts of an exchange.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "routing/facts.h"

namespace sluice::routing {

// A variable ready to use.  `append` adds the value to `out`, nothing when it has none ("not
// found" in nginx); `detail` is the part of the name that says which: the header of $http_NAME in
// lower case with underscores, the argument of $arg_NAME, the number of $1.
struct Variable {
  void (*append)(std::string& out, const Facts& facts, std::string_view detail) = nullptr;
  std::string detail;
};

class VariableTable {
 public:
  // Names are without '$'.  Nothing when nobody knows the name.
  [[nodiscard]] std::optional<Variable> find(std::string_view name) const;
  // The nearest known name, for "did you mean"; may be empty.
  [[nodiscard]] std::string_view nearest(std::string_view name) const;
};

// $binary_remote_addr and such may hold any byte; a log escapes them (log_format escape=default).
void append_log_escaped(std::string& out, std::string_view value);

}  // namespace sluice::routing
