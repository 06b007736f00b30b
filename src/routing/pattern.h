// SPDX-License-Identifier: MIT
// A regular expression of the configuration: RE2, which is linear in its input, and PCRE2 under a
// match limit for what RE2 does not have (lookahead, backreference).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::routing {

class Pattern {
 public:
  enum class Case : bool { sensitive, insensitive };
  // Throws confparse::ConfigError with the engine's own words.
  Pattern(const confparse::Text& text, Case letters);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  // Searches anywhere in `subject`.  On a match fills `captures` ([0] the whole match; groups that
  // took no part are empty views), with views into `subject`.  A match limit hit counts as no
  // match.
  bool search(std::string_view subject, std::vector<std::string_view>& captures) const;

  // Names of `(?<name>…)` groups by group number; "" for an unnamed one.
  [[nodiscard]] const std::vector<std::string>& group_names() const;
  // For -V and the log: did RE2 do?
  [[nodiscard]] bool linear() const;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace sluice::routing
