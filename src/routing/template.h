// SPDX-License-Identifier: MIT
// A text with variables, compiled once: "https://$host$request_uri" becomes pieces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/text.h"
#include "routing/facts.h"
#include "routing/log_escape.h"
#include "routing/variables.h"

namespace sluice::routing {

class Template {
 public:
  Template() = default;
  // Throws confparse::ConfigError for a variable that nobody knows, with its position.
  Template(const confparse::Text& text, const VariableTable& variables);

  // Appends the text for this exchange.
  void append_to(std::string& out, const Facts& facts) const;
  // The same for a log line: values are escaped, and a variable without one is "-".
  void append_log_to(std::string& out, const Facts& facts,
                     LogEscape escape = LogEscape::standard) const;
  // The text itself when it has no variable; else `storage` is overwritten and viewed.
  [[nodiscard]] std::string_view expand(const Facts& facts, std::string& storage) const;

  [[nodiscard]] bool constant() const { return constant_; }  // has no variables
  // The variables of the configuration's own that it asks for.
  [[nodiscard]] std::vector<const Computed*> computed() const;
  [[nodiscard]] std::string_view text() const { return source_; }

 private:
  struct Piece {
    std::string literal;  // when variable.append is null
    Variable variable;
  };
  std::string source_;
  std::vector<Piece> pieces_;
  bool constant_ = true;
};

}  // namespace sluice::routing
