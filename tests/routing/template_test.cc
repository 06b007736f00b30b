// SPDX-License-Identifier: MIT
#include "routing/template.h"

#include <gtest/gtest.h>

#include <optional>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using confparse::Position;
using confparse::Text;

Template compile(std::string text) {
  return Template({std::move(text), {}}, VariableTable{});
}

std::optional<ConfigError> refusal(const Text& text) {
  try {
    Template{text, VariableTable{}};
  } catch (const ConfigError& error) {
    return error;
  }
  return std::nullopt;
}

std::string message(std::string text) {
  const auto error = refusal({std::move(text), {}});
  return error ? error->what() : "";
}

struct Example {
  Facts facts;
  Example() {
    facts.host = "example.com";
    facts.request_uri = "/a?b=c";
    facts.status = 200;
  }
  [[nodiscard]] std::string expand(std::string text) const {
    std::string out = ">";
    compile(std::move(text)).append_to(out, facts);
    return out;
  }
  [[nodiscard]] std::string log(std::string text, LogEscape escape = LogEscape::standard) const {
    std::string out;
    compile(std::move(text)).append_log_to(out, facts, escape);
    return out;
  }
};

TEST(Template, PutsValuesBetweenLiterals) {
  const Example example;
  EXPECT_EQ(example.expand(""), ">");
  EXPECT_EQ(example.expand("plain"), ">plain");
  EXPECT_EQ(example.expand("$host"), ">example.com");
  EXPECT_EQ(example.expand("https://$host$request_uri"), ">https://example.com/a?b=c");
  EXPECT_EQ(example.expand("a${host}b-$host-c"), ">aexample.comb-example.com-c");
  EXPECT_EQ(example.expand("$host:80"), ">example.com:80");
}

TEST(Template, TakesNamesInAnyCase) {
  EXPECT_EQ(Example().expand("$HOST"), ">example.com");
}

TEST(Template, PutsGroupsOfTheRegex) {
  Example example;
  const std::vector<std::string_view> groups{"/users/42", "users", "42"};
  example.facts.captures = groups;
  EXPECT_EQ(example.expand("/$2/$1?"), ">/42/users?");
  EXPECT_EQ(example.expand("$10"), ">users0");
  EXPECT_EQ(example.expand("[$3]"), ">[]");
}

TEST(Template, PutsNamedGroups) {
  VariableTable variables;
  const auto slot = variables.define("user");
  ASSERT_EQ(slot, 0);
  const Template greeting({"hello $user", {}}, variables);

  Facts facts;
  std::string out;
  greeting.append_log_to(out, facts);
  EXPECT_EQ(out, "hello -");

  const std::vector<std::string_view> named{"ada"};
  facts.named = named;
  EXPECT_EQ(greeting.expand(facts, out), "hello ada");
}

TEST(Template, WithoutVariablesIsItsText) {
  const Template plain = compile("text/plain");
  std::string storage = "untouched";
  EXPECT_TRUE(plain.constant());
  EXPECT_EQ(plain.expand(Facts{}, storage), "text/plain");
  EXPECT_EQ(storage, "untouched");
  EXPECT_TRUE(Template{}.constant());
  EXPECT_FALSE(compile("$host").constant());
}

TEST(Template, OverwritesTheStorageItExpandsInto) {
  std::string storage = "old";
  EXPECT_EQ(compile("<$host>").expand(Example().facts, storage), "<example.com>");
  EXPECT_EQ(storage, "<example.com>");
}

TEST(Template, LogsADashWhereThereIsNoValue) {
  Example example;
  EXPECT_EQ(example.log("$args $upstream_addr $http_referer"), "- - -");
  EXPECT_EQ(example.log("[$https]"), "[]");  // found, and empty
  EXPECT_EQ(example.log("[$args]", LogEscape::json), "[]");
  EXPECT_EQ(example.log("[$args]", LogEscape::none), "[]");
}

TEST(Template, EscapesValuesInALogButNotItsLiterals) {
  Example example;
  example.facts.uri = "/\"x\"\n";
  EXPECT_EQ(example.log("\"$uri\" $status"), "\"/\\x22x\\x22\\x0A\" 200");
  EXPECT_EQ(example.log("\"$uri\"", LogEscape::json), "\"/\\\"x\\\"\\n\"");
}

TEST(Template, RefusesADollarThatBeginsNothing) {
  EXPECT_EQ(message("$"), "invalid variable name");
  EXPECT_EQ(message("a$"), "invalid variable name");
  EXPECT_EQ(message("a$-b"), "invalid variable name");
  EXPECT_EQ(message("$$host"), "invalid variable name");
  EXPECT_EQ(message("${"), "invalid variable name");
  EXPECT_EQ(message("${}"), "invalid variable name");
  EXPECT_EQ(message("${host"), "the closing bracket in \"host\" variable is missing");
  EXPECT_EQ(message("${ho-st}"), "the closing bracket in \"ho\" variable is missing");
}

TEST(Template, RefusesUnknownVariablesAndNamesTheNearest) {
  const auto error = refusal({"$remote_adr", {}});
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "unknown \"remote_adr\" variable");
  EXPECT_EQ(error->advice(), "did you mean \"$remote_addr\"?");
  EXPECT_EQ(refusal({"$nothing_like_it", {}})->advice(), "");
  EXPECT_EQ(message("$0"), "unknown \"0\" variable");
  EXPECT_EQ(message("${1}"), "unknown \"1\" variable");
}

TEST(Template, PointsAtTheVariableInsideItsWord) {
  Position place;
  place.line = 3;
  place.column = 10;

  place.length = 9;  // a-${foo}b, written plainly
  const auto plain = refusal({"a-${foo}b", place});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->position().column, 12U);
  EXPECT_EQ(plain->position().length, 6U);

  place.length = 8;  // "a $foo" with its quotes
  const auto quoted = refusal({"a $foo", place});
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->position().column, 13U);
  EXPECT_EQ(quoted->position().length, 4U);

  place.length = 20;  // escapes inside: the whole word
  const auto escaped = refusal({"a $foo", place});
  ASSERT_TRUE(escaped);
  EXPECT_EQ(escaped->position().column, 10U);
  EXPECT_EQ(escaped->position().length, 20U);
}

}  // namespace
}  // namespace sluice::routing
