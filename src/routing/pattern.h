// SPDX-License-Identifier: MIT
// A regular expression of the configuration: RE2, which is linear in its input, and PCRE2 under a
// match limit for what RE2 does not have (lookahead, backreference).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/text.h"
#include "routing/captures.h"
#include "routing/remembered.h"
#include "routing/variables.h"

namespace sluice::routing {

class Pattern {
 public:
  enum class Case : bool { sensitive, insensitive };
  // Throws confparse::ConfigError with the engine's own words.
  Pattern(const confparse::Text& text, Case letters);
  // The same, and `$name` becomes known to `variables` for every `(?<name>…)`.
  Pattern(const confparse::Text& text, Case letters, VariableTable& variables);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  // Searches anywhere in `subject`.  On a match fills `groups` with views into `subject`; else
  // leaves it alone.  [0] is the whole match, or empty when the pattern has no groups (nginx has no
  // $0); a group that took no part is empty.  A match limit hit counts as no match.  Any thread.
  bool search(std::string_view subject, std::vector<std::string_view>& groups) const;
  // The same, and sets the named ones.
  bool search(std::string_view subject, Captures& captures) const;
  // The same for a subject that will not last: the named ones are remembered as copies.
  bool search(std::string_view subject, std::vector<std::string_view>& groups,
              Remembered& remembered) const;

  // Names of `(?<name>…)` groups by group number; "" for an unnamed one.
  [[nodiscard]] const std::vector<std::string>& group_names() const { return names_; }
  // For -V and the log: did RE2 do?
  [[nodiscard]] bool linear() const;

 private:
  struct Engine;
  struct NamedGroup {
    std::uint16_t group;
    std::uint16_t slot;  // of the VariableTable
  };
  std::unique_ptr<Engine> engine_;
  std::vector<std::string> names_;
  std::vector<NamedGroup> named_;
};

}  // namespace sluice::routing
