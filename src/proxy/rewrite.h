// SPDX-License-Identifier: MIT
// One rule of proxy_redirect, proxy_cookie_domain or proxy_cookie_path, compiled: a value of a
// peer's header, seen with the eyes of the client.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "confparse/settings/proxy.h"
#include "routing/facts.h"
#include "routing/pattern.h"
#include "routing/template.h"
#include "routing/variables.h"

namespace sluice::proxy {

class Rewrite {
 public:
  // How a plain text is compared: with the beginning of the value, which alone is replaced; or with
  // the whole of it as a domain, in any case and without a leading dot.
  enum class Compare : bool { prefix, domain };
  // A rule of the configuration that is not `default`.  Throws confparse::ConfigError.
  Rewrite(const confparse::ValueRewrite& rule, Compare compare, routing::VariableTable& variables);

  // Appends what becomes of `value`.  False, and nothing appended, when the rule does not fit.
  bool append_to(std::string& out, std::string_view value, const routing::Facts& facts) const;

 private:
  bool append_by_text(std::string& out, std::string_view value, const routing::Facts& facts) const;
  bool append_by_regex(std::string& out, std::string_view value, const routing::Facts& facts) const;

  Compare compare_;
  std::optional<routing::Pattern> regex_;
  routing::Template pattern_;  // without a regex
  routing::Template replacement_;
};

// Appends what the first rule that fits makes of `value`; false, and nothing appended: none does.
bool append_rewritten(std::string& out, std::string_view value, std::span<const Rewrite> rules,
                      const routing::Facts& facts);

}  // namespace sluice::proxy
