// SPDX-License-Identifier: MIT
#include "proxy/rewrite.h"

#include <algorithm>

#include "http/head.h"
#include "proxy/heads.h"

namespace sluice::proxy {

using Match = confparse::ValueRewrite::Match;

Rewrite::Rewrite(const confparse::ValueRewrite& rule, Compare compare,
                 routing::VariableTable& variables)
    : compare_(compare) {
  if (rule.match == Match::regex || rule.match == Match::regex_nocase) {
    using Case = routing::Pattern::Case;
    regex_.emplace(rule.pattern, rule.match == Match::regex ? Case::sensitive : Case::insensitive,
                   variables);
  } else {
    pattern_ = routing::Template(rule.pattern, variables);
  }
  replacement_ = routing::Template(rule.replacement, variables);
}

bool Rewrite::append_to(std::string& out, std::string_view value,
                        const routing::Facts& facts) const {
  const std::size_t begin = out.size();
  const bool fits = regex_ ? append_by_regex(out, value, facts) : append_by_text(out, value, facts);
  if (fits && !replacement_.constant()) {
    keep_on_one_line(out, begin);
  }
  return fits;
}

bool Rewrite::append_by_text(std::string& out, std::string_view value,
                             const routing::Facts& facts) const {
  thread_local std::string storage;
  const std::string_view pattern = pattern_.expand(facts, storage);
  if (compare_ == Compare::prefix) {
    if (!value.starts_with(pattern)) {
      return false;
    }
    replacement_.append_to(out, facts);
    out.append(value.substr(pattern.size()));
    return true;
  }
  const bool dotted = value.starts_with('.');
  if (!http::same_token(value.substr(dotted ? 1 : 0), pattern)) {
    return false;
  }
  out.append(dotted ? "." : "");
  replacement_.append_to(out, facts);
  return true;
}

// What the regex caught is for the replacement only: $1 of the location stays what it is.
bool Rewrite::append_by_regex(std::string& out, std::string_view value,
                              const routing::Facts& facts) const {
  thread_local routing::Captures caught;
  caught.named.assign(facts.named.begin(), facts.named.end());
  if (!regex_->search(value, caught)) {
    return false;
  }
  routing::Facts seen = facts;
  seen.captures = caught.groups;
  seen.named = caught.named;
  replacement_.append_to(out, seen);
  facts.request_id = seen.request_id;  // one for the whole exchange, whoever asks first
  return true;
}

bool append_rewritten(std::string& out, std::string_view value, std::span<const Rewrite> rules,
                      const routing::Facts& facts) {
  return std::ranges::any_of(
      rules, [&](const Rewrite& rule) { return rule.append_to(out, value, facts); });
}

}  // namespace sluice::proxy
