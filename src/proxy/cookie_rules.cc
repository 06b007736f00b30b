// SPDX-License-Identifier: MIT
#include "proxy/cookie_rules.h"

#include <algorithm>

#include "http/head.h"

namespace sluice::proxy {
namespace {

using http::same_token;
using SameSite = CookieFlags::SameSite;

struct Attribute {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// Takes what stands before the next semicolon off the front of `rest`.
Attribute take_attribute(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(';'), rest.size());
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return {trimmed(text), {}, false};
  }
  return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1)), true};
}

std::string_view word_for(SameSite same_site) {
  switch (same_site) {
    case SameSite::strict:
      return "Strict";
    case SameSite::lax:
      return "Lax";
    case SameSite::none:
      return "None";
    case SameSite::keep:
    case SameSite::off:
      break;
  }
  return {};
}

// One Set-Cookie while it is written anew.
class Writer {
 public:
  Writer(std::string& out, const CookieRules& rules, const routing::Facts& facts)
      : out_(out), rules_(rules), facts_(facts) {}

  void begin(const Attribute& cookie) {
    for (const CookieFlagRule& rule : rules_.flags) {
      if (rule.fits(cookie.name, facts_)) {
        wanted_ = rule.flags(facts_);
        changed_ = true;
        break;
      }
    }
    out_.append(cookie.name).append("=").append(cookie.value);
  }

  void add(const Attribute& attribute) {
    if (attribute.name.empty() || drops(attribute)) {
      return;
    }
    out_.append("; ").append(attribute.name);
    if (!attribute.has_value) {
      return;
    }
    out_.append("=");
    if (!rewrites(attribute)) {
      out_.append(attribute.value);
    }
  }

  void end() {
    if (wanted_.secure == CookieFlags::Flag::add) {
      out_.append("; Secure");
    }
    if (wanted_.http_only == CookieFlags::Flag::add) {
      out_.append("; HttpOnly");
    }
    if (const std::string_view word = word_for(wanted_.same_site); !word.empty()) {
      out_.append("; SameSite=").append(word);
    }
  }

  [[nodiscard]] bool changed() const { return changed_; }

 private:
  // Is it one of the flags, and not to stay as it is?  What is there already is not added again.
  bool drops(const Attribute& attribute) {
    if (same_token(attribute.name, "Secure")) {
      return drops(wanted_.secure);
    }
    if (same_token(attribute.name, "HttpOnly")) {
      return drops(wanted_.http_only);
    }
    return wanted_.same_site != SameSite::keep && same_token(attribute.name, "SameSite");
  }
  static bool drops(CookieFlags::Flag& flag) {
    if (flag == CookieFlags::Flag::add) {
      flag = CookieFlags::Flag::keep;
    }
    return flag == CookieFlags::Flag::remove;
  }

  bool rewrites(const Attribute& attribute) {
    bool done = false;
    if (same_token(attribute.name, "Domain")) {
      done = append_rewritten(out_, attribute.value, rules_.domains, facts_);
    } else if (same_token(attribute.name, "Path")) {
      done = append_rewritten(out_, attribute.value, rules_.paths, facts_);
    }
    changed_ = changed_ || done;
    return done;
  }

  std::string& out_;
  const CookieRules& rules_;
  const routing::Facts& facts_;
  CookieFlags wanted_;
  bool changed_ = false;
};

}  // namespace

// nginx: what sets wins over what takes away.
static void remove(CookieFlags::Flag& flag) {
  if (flag == CookieFlags::Flag::keep) {
    flag = CookieFlags::Flag::remove;
  }
}

void CookieFlags::add(std::string_view word) {
  if (same_token(word, "secure")) {
    secure = Flag::add;
  } else if (same_token(word, "nosecure")) {
    remove(secure);
  } else if (same_token(word, "httponly")) {
    http_only = Flag::add;
  } else if (same_token(word, "nohttponly")) {
    remove(http_only);
  } else if (same_token(word, "samesite=strict")) {
    same_site = SameSite::strict;
  } else if (same_token(word, "samesite=lax")) {
    same_site = SameSite::lax;
  } else if (same_token(word, "samesite=none")) {
    same_site = SameSite::none;
  } else if (same_token(word, "nosamesite") && same_site == SameSite::keep) {
    same_site = SameSite::off;
  }
}

CookieFlagRule::CookieFlagRule(const confparse::CookieFlagRule& rule,
                               routing::VariableTable& variables) {
  if (rule.is_regex) {
    regex_.emplace(rule.cookie, routing::Pattern::Case::insensitive, variables);
  } else {
    cookie_ = routing::Template(rule.cookie, variables);
  }
  for (const confparse::Text& word : rule.flags) {
    routing::Template compiled(word, variables);
    if (compiled.constant()) {
      constant_.add(compiled.text());
    } else {
      words_.push_back(std::move(compiled));
    }
  }
}

bool CookieFlagRule::fits(std::string_view cookie, const routing::Facts& facts) const {
  if (regex_) {
    thread_local std::vector<std::string_view> groups;
    return regex_->search(cookie, groups);
  }
  thread_local std::string storage;
  return same_token(cookie, cookie_.expand(facts, storage));
}

CookieFlags CookieFlagRule::flags(const routing::Facts& facts) const {
  CookieFlags flags = constant_;
  thread_local std::string storage;
  for (const routing::Template& word : words_) {
    flags.add(word.expand(facts, storage));
  }
  return flags;
}

void append_cookie(std::string& out, std::string_view value, const CookieRules& rules,
                   const routing::Facts& facts) {
  const std::size_t begin = out.size();
  std::string_view rest = value;
  Writer writer(out, rules, facts);
  if (const Attribute cookie = take_attribute(rest); cookie.has_value) {
    writer.begin(cookie);
    while (!rest.empty()) {
      writer.add(take_attribute(rest));
    }
    writer.end();
  }
  if (!writer.changed()) {
    out.resize(begin);
    out.append(value);
  }
}

}  // namespace sluice::proxy
