// SPDX-License-Identifier: MIT
// The proxy_* directives about the heads between client and peer, and how they are inherited.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using Match = ValueRewrite::Match;

ProxySettings in_location(const std::string& lines, const std::string& outside = "") {
  return load_server(outside + " location / { proxy_pass http://u; " + lines + " }")
      .locations[0]
      .settings.proxy;
}

TEST(ProxyHeads, AreLeftAloneByDefault) {
  const ProxySettings proxy = in_location("");
  EXPECT_FALSE(proxy.method);
  EXPECT_FALSE(proxy.body);
  EXPECT_FALSE(proxy.bind);
  EXPECT_FALSE(proxy.redirects);
  EXPECT_TRUE(proxy.pass_request_headers);
  EXPECT_TRUE(proxy.pass_request_body);
  EXPECT_TRUE(proxy.cookie_domains.empty());
}

TEST(ProxyHeads, OfTheRequest) {
  const ProxySettings proxy = in_location(
      "proxy_method POST; proxy_set_body a$uri; proxy_pass_request_headers off; "
      "proxy_pass_request_body off; proxy_bind $remote_addr transparent; "
      "proxy_socket_keepalive on; proxy_send_lowat 1k;");
  EXPECT_EQ(proxy.method->value, "POST");
  EXPECT_EQ(proxy.body->value, "a$uri");
  EXPECT_FALSE(proxy.pass_request_headers);
  EXPECT_FALSE(proxy.pass_request_body);
  EXPECT_EQ(proxy.bind->address.value, "$remote_addr");
  EXPECT_TRUE(proxy.bind->transparent);
  EXPECT_TRUE(proxy.socket_keepalive);
}

TEST(ProxyHeads, OfAnswersBeforeAndBehindTheBody) {
  EXPECT_FALSE(in_location("").pass_trailers);
  EXPECT_TRUE(in_location("proxy_pass_trailers on;").pass_trailers);
  EXPECT_FALSE(in_location("").force_ranges);
  EXPECT_TRUE(in_location("proxy_force_ranges on;").force_ranges);
  EXPECT_TRUE(in_location("").early_hints.empty());
  const std::string outside = "early_hints $a b; early_hints c;";
  const auto inherited = in_location("", outside).early_hints;
  ASSERT_EQ(inherited.size(), 3U);
  EXPECT_EQ(inherited[0].value, "$a");
  EXPECT_EQ(in_location("early_hints 1;", outside).early_hints.size(), 1U);
}

TEST(ProxyHeads, RedirectsAreTextsAndRegexes) {
  const ProxySettings proxy = in_location(
      "proxy_redirect default; proxy_redirect a b; proxy_redirect ~c d; "
      "proxy_redirect ~*e f;");
  ASSERT_EQ(proxy.redirects->size(), 4U);
  const auto& rules = *proxy.redirects;
  EXPECT_EQ(rules[0].match, Match::implied);
  EXPECT_EQ(rules[1].match, Match::text);
  EXPECT_EQ(rules[1].replacement.value, "b");
  EXPECT_EQ(rules[2].match, Match::regex);
  EXPECT_EQ(rules[2].pattern.value, "c");
  EXPECT_EQ(rules[3].match, Match::regex_nocase);
  EXPECT_EQ(rules[3].pattern.value, "e");
}

TEST(ProxyHeads, RedirectsAreInheritedUnlessThereAreOthers) {
  const std::string outside = "proxy_redirect a b;";
  EXPECT_EQ(in_location("", outside).redirects->size(), 1U);
  EXPECT_EQ(in_location("proxy_redirect off;", outside).redirects->size(), 0U);
  EXPECT_EQ(in_location("proxy_redirect c d; proxy_redirect e f;", outside).redirects->size(), 2U);
  EXPECT_EQ(in_location("proxy_redirect c d;", "proxy_redirect off;").redirects->size(), 1U);
}

TEST(ProxyHeads, CookieDomainsLoseTheirDotAndTheirCase) {
  const auto rules =
      in_location("proxy_cookie_domain .a .b; proxy_cookie_domain ~c $host;").cookie_domains;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].pattern.value, "a");
  EXPECT_EQ(rules[0].replacement.value, "b");
  EXPECT_EQ(rules[1].match, Match::regex_nocase);
}

TEST(ProxyHeads, CookiePathsAndFlags) {
  const ProxySettings proxy =
      in_location("proxy_cookie_path ~a b; proxy_cookie_flags ~c secure samesite=lax;");
  EXPECT_EQ(proxy.cookie_paths.at(0).match, Match::regex);
  EXPECT_TRUE(proxy.cookie_flags.at(0).is_regex);
  EXPECT_EQ(proxy.cookie_flags.at(0).cookie.value, "c");
  EXPECT_EQ(proxy.cookie_flags.at(0).flags.at(1).value, "samesite=lax");
  EXPECT_TRUE(in_location("proxy_cookie_path off;", "proxy_cookie_path a b;").cookie_paths.empty());
}

TEST(ProxyHeads, HiddenAndPassedNamesAreInheritedApart) {
  const ProxySettings proxy =
      in_location("proxy_hide_header C;", "proxy_hide_header A; proxy_pass_header B;");
  EXPECT_EQ(proxy.hide_headers, std::vector<std::string>{"C"});
  EXPECT_EQ(proxy.pass_headers, std::vector<std::string>{"B"});
}

TEST(ProxyHeads, IgnoredOnesAreAList) {
  const ProxySettings proxy =
      in_location("proxy_ignore_headers x-accel-redirect Vary; proxy_ignore_headers Expires;",
                  "proxy_ignore_headers Set-Cookie;");
  EXPECT_TRUE(proxy.ignored_headers.x_accel_redirect);
  EXPECT_TRUE(proxy.ignored_headers.vary);
  EXPECT_TRUE(proxy.ignored_headers.expires);
  EXPECT_FALSE(proxy.ignored_headers.set_cookie);
}

TEST(ProxyHeads, ABindCanBeTakenBack) {
  EXPECT_FALSE(in_location("proxy_bind off;", "proxy_bind 127.0.0.1;").bind);
  EXPECT_TRUE(in_location("proxy_bind [::1]:90;").bind);
}

struct Wrong {
  const char* line;
  const char* message;
};

// nginx's words.
TEST(ProxyHeads, WrongOnesAreRefused) {
  constexpr Wrong kWrong[] = {
      {"proxy_redirect foo;", "invalid parameter \"foo\""},
      {"proxy_redirect off; proxy_redirect a b;", "\"proxy_redirect\" directive is duplicate"},
      {"proxy_redirect a b; proxy_redirect off;", "\"proxy_redirect\" directive is duplicate"},
      {"proxy_redirect off; proxy_redirect off;", "\"proxy_redirect\" directive is duplicate"},
      {"proxy_cookie_domain foo;", "invalid parameter \"foo\""},
      {"proxy_cookie_path off; proxy_cookie_path a b;",
       "\"proxy_cookie_path\" directive is duplicate"},
      {"proxy_cookie_flags a;", "invalid parameter \"a\""},
      {"proxy_cookie_flags a 1 2 3 4;",
       "invalid number of arguments in \"proxy_cookie_flags\" directive"},
      {"proxy_ignore_headers foo;", "invalid value \"foo\""},
      {"proxy_bind foo;", "invalid address \"foo\""},
      {"proxy_bind 127.0.0.1:0;", "invalid address \"127.0.0.1:0\""},
      {"proxy_bind unix:/a;", "invalid address \"unix:/a\""},
      {"proxy_bind 127.0.0.1 foo;", "invalid parameter \"foo\""},
      {"proxy_bind off; proxy_bind off;", "\"proxy_bind\" directive is duplicate"},
      {"proxy_method a; proxy_method b;", "\"proxy_method\" directive is duplicate"},
  };
  for (const Wrong& wrong : kWrong) {
    const std::string text =
        std::string("events { } http { server { location / { proxy_pass http://u; ") + wrong.line +
        " } } }";
    EXPECT_EQ(std::string(error_of(text).what()).find(wrong.message), 0U)
        << wrong.line << ": " << error_of(text).what();
  }
}

TEST(ProxyHeads, TheDefaultRedirectNeedsAProxyPassBeforeIt) {
  EXPECT_STREQ(error_of("events { } http { server { proxy_redirect default; } }").what(),
               "\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive");
  EXPECT_STREQ(
      error_of("events { } http { server { location / { proxy_pass $a; proxy_redirect default; } "
               "} }")
          .what(),
      "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables");
}

}  // namespace
}  // namespace sluice::confparse
