// SPDX-License-Identifier: MIT
#include "proxy/cookie_rules.h"

#include <gtest/gtest.h>

namespace sluice::proxy {
namespace {

using Match = confparse::ValueRewrite::Match;

struct Example {
  CookieRules rules;
  routing::VariableTable variables;
  routing::Facts facts;

  void domain(Match match, const char* pattern, const char* replacement) {
    rules.domains.emplace_back(confparse::ValueRewrite{match, {pattern, {}}, {replacement, {}}},
                               Rewrite::Compare::domain, variables);
  }
  void path(const char* pattern, const char* replacement) {
    rules.paths.emplace_back(confparse::ValueRewrite{Match::text, {pattern, {}}, {replacement, {}}},
                             Rewrite::Compare::prefix, variables);
  }
  void flags(const char* cookie, std::initializer_list<const char*> words, bool is_regex = false) {
    confparse::CookieFlagRule rule{is_regex, {cookie, {}}, {}};
    for (const char* word : words) {
      rule.flags.push_back({word, {}});
    }
    rules.flags.emplace_back(rule, variables);
  }
  std::string operator()(std::string_view value) const {
    std::string out = "before ";
    append_cookie(out, value, rules, facts);
    EXPECT_EQ(out.substr(0, 7), "before ");
    return out.substr(7);
  }
};

TEST(CookieRules, LeaveACookieThatNoneFitsByteForByte) {
  Example example;
  example.domain(Match::text, "localhost", "example.org");
  example.path("/a/", "/b/");
  for (const char* value : {"a=b ;Path=/c;;", "", "odd; path=/a/", "=; secure", "a=b; Domain; path",
                            "a=b; xpath=/a/"}) {
    EXPECT_EQ(example(value), value);
  }
}

TEST(CookieRules, ReplaceADomainAsAWholeInAnyCaseWithOrWithoutItsDot) {
  Example example;
  example.domain(Match::text, "localhost", "example.org");
  EXPECT_EQ(example("a=b; domain=LOCALHOST"), "a=b; domain=example.org");
  EXPECT_EQ(example("a=b;DOMAIN = .localhost ;x"), "a=b; DOMAIN=.example.org; x");
  EXPECT_EQ(example("a=b; domain=sub.localhost"), "a=b; domain=sub.localhost");
}

TEST(CookieRules, ReplaceADomainByARegex) {
  Example example;
  example.domain(Match::regex_nocase, "\\.?([a-z]+)\\.LAN$", "$1.example");
  EXPECT_EQ(example("a=b; domain=.host.lan"), "a=b; domain=host.example");
}

TEST(CookieRules, ReplaceTheBeginningOfAPath) {
  Example example;
  example.path("/two/", "/one/");
  EXPECT_EQ(example("a=b; Path=/two/x; Path=/two/"), "a=b; Path=/one/x; Path=/one/");
}

TEST(CookieRules, SetFlagsThatAreNotThere) {
  Example example;
  example.flags("a", {"secure", "httponly", "samesite=strict"});
  EXPECT_EQ(example("a=b; httponly; samesite=none"), "a=b; httponly; Secure; SameSite=Strict");
  EXPECT_EQ(example("A=b"), "A=b; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(example("ab=c"), "ab=c");
}

TEST(CookieRules, TakeFlagsAway) {
  Example example;
  example.flags("^a", {"nosecure", "nohttponly", "nosamesite"}, true);
  EXPECT_EQ(example("ab=c; Secure; Path=/; HTTPONLY; SameSite=Lax"), "ab=c; Path=/");
}

TEST(CookieRules, TakeTheFirstLineThatFitsTheCookie) {
  Example example;
  example.flags("a", {"secure"});
  example.flags("^a", {"httponly"}, true);
  EXPECT_EQ(example("a=1"), "a=1; Secure");
  EXPECT_EQ(example("ab=1"), "ab=1; HttpOnly");
}

TEST(CookieRules, TakeFlagsOutOfVariables) {
  Example example;
  example.facts.args = "flag=secure";
  example.flags("a", {"$arg_flag", "$arg_none"});
  EXPECT_EQ(example("a=1"), "a=1; Secure");
}

}  // namespace
}  // namespace sluice::proxy
