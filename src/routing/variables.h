// SPDX-License-Identifier: MIT
// The table of variables: a name, and how its value comes from the facts of an exchange.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/head.h"
#include "routing/facts.h"

namespace sluice::routing {

// Finds the value of a variable of the configuration's own: a map.
class Computed {
 public:
  virtual ~Computed() = default;
  // `slot` is the variable's in the VariableTable, and in Facts::remembered.
  virtual void append(std::string& out, const Facts& facts, std::uint16_t slot) const = 0;
};

// A variable ready to use.
struct Variable {
  // Adds the value to `out`.  False, and nothing added, when the exchange has none: "not found" in
  // nginx, which a log shows as "-".  A value may be found and empty.
  using Append = bool (*)(std::string& out, const Facts& facts, const Variable& self);
  Append append = nullptr;

  // Which of many, settled when the configuration is read:
  std::string detail;  // http_NAME, arg_NAME, …: the NAME, in lower case
  http::HeaderId header = http::HeaderId::other;  // of NAME, when it is a header we know by id
  std::uint16_t number = 0;                       // of a group ($1), or the slot of one of our own
  const Computed* computed = nullptr;             // of one of our own; lives with the generation
};

// Names are without '$' and in any case, as in nginx.
class VariableTable {
 public:
  // Nothing when nobody knows the name.
  [[nodiscard]] std::optional<Variable> find(std::string_view name) const;
  // The nearest known name, for "did you mean"; may be empty.
  [[nodiscard]] std::string_view nearest(std::string_view name) const;

  // Makes a name of the configuration's own known: of a named group, or of something computed, of
  // which the last one counts.  The same name gets the same slot.  Nothing when the name is taken
  // by a variable of nginx.  Define every name before compiling the texts that use them.
  //
  // Its value is what is remembered in the slot (Facts::remembered), else what the regexes of the
  // server's name and the location caught (Facts::named), else what is computed.
  std::optional<std::uint16_t> define(std::string_view name);
  std::optional<std::uint16_t> define(std::string_view name, const Computed& computed);

  [[nodiscard]] std::size_t size() const { return own_.size(); }

 private:
  struct Own {
    std::string name;
    const Computed* computed = nullptr;
  };
  std::vector<Own> own_;  // by slot
};

// $1 to $9.
Variable group_variable(std::uint16_t number);

}  // namespace sluice::routing
