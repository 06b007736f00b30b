// SPDX-License-Identifier: MIT
// Which row does a line of this block belong to?  If none, why not, and what was meant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "confparse/directive.h"
#include "confparse/rule.h"

namespace sluice::confparse {

// Every row, subject by subject.
const std::vector<Rule>& all_rules();

class RuleBook {
 public:
  // `strategies`: rows made while loading, for the directives of upstream that come from outside.
  explicit RuleBook(std::vector<Rule> strategies) : strategies_(std::move(strategies)) {}

  // The row for this line, its ending and its number of words checked.  Throws ConfigError.
  [[nodiscard]] const Rule& find(const Directive& line, Contexts context) const;

  // The bits of all contexts in which this name may stand; 0: unknown.
  [[nodiscard]] Contexts contexts_of(std::string_view name) const;

  // `is the ";" missing at the end of line 3?` when an argument on a later line is a directive of
  // this context; else empty.
  [[nodiscard]] std::string missing_semicolon(const Directive& line, Contexts context) const;

 private:
  [[nodiscard]] const Rule* look_up(std::string_view name, Contexts context) const;
  [[nodiscard]] std::string nearest_name(std::string_view name, Contexts context) const;
  void check_shape(const Directive& line, const Rule& rule, Contexts context) const;

  std::vector<Rule> strategies_;
};

// `http, server, location`.
std::string context_names(Contexts contexts);

// `1 word`, `1 to 3 words`, `at least 2 words`.
std::string word_count(const Words& words);

}  // namespace sluice::confparse
