// SPDX-License-Identifier: MIT
// What proxy_cookie_domain, proxy_cookie_path and proxy_cookie_flags make of a Set-Cookie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/rewrite.h"

namespace sluice::proxy {

// Attributes to be set (true) or taken away (false); nothing: left as they are.
struct CookieFlags {
  enum class SameSite : std::uint8_t { keep, off, strict, lax, none };
  enum class Flag : std::uint8_t { keep, remove, add };
  Flag secure = Flag::keep;
  Flag http_only = Flag::keep;
  SameSite same_site = SameSite::keep;

  // "secure", "nohttponly", "samesite=lax" in any case; another word says nothing.
  void add(std::string_view word);
};

// One line of proxy_cookie_flags.
class CookieFlagRule {
 public:
  // Throws confparse::ConfigError.
  CookieFlagRule(const confparse::CookieFlagRule& rule, routing::VariableTable& variables);

  [[nodiscard]] bool fits(std::string_view cookie, const routing::Facts& facts) const;
  [[nodiscard]] CookieFlags flags(const routing::Facts& facts) const;

 private:
  std::optional<routing::Pattern> regex_;
  routing::Template cookie_;              // without a regex
  CookieFlags constant_;                  // of the words without variables
  std::vector<routing::Template> words_;  // the others
};

struct CookieRules {
  std::vector<Rewrite> domains;
  std::vector<Rewrite> paths;
  std::vector<CookieFlagRule> flags;

  [[nodiscard]] bool empty() const { return domains.empty() && paths.empty() && flags.empty(); }
};

// Appends the value of a Set-Cookie as the client gets it.  One that no rule fits stays as it is,
// byte for byte.
void append_cookie(std::string& out, std::string_view value, const CookieRules& rules,
                   const routing::Facts& facts);

}  // namespace sluice::proxy
