// SPDX-License-Identifier: MIT
#include "routing/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Pattern pattern(std::string text, Pattern::Case letters = Pattern::Case::sensitive) {
  return Pattern({std::move(text), {}}, letters);
}

bool matches(std::string text, std::string_view subject) {
  std::vector<std::string_view> groups;
  return pattern(std::move(text)).search(subject, groups);
}

std::string refusal(std::string text) {
  try {
    pattern(std::move(text));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Pattern, SearchesAnywhereInTheSubject) {
  EXPECT_TRUE(matches("b+", "abbc"));
  EXPECT_TRUE(matches("", "abc"));
  EXPECT_TRUE(matches("^$", {}));
  EXPECT_FALSE(matches("^b", "abc"));
}

TEST(Pattern, HandsOutGroupsAsViewsIntoTheSubject) {
  const std::string_view subject = "/users/42/edit";
  std::vector<std::string_view> groups{"old"};
  EXPECT_TRUE(pattern("/(\\d+)/(\\w+)(x)?").search(subject, groups));
  EXPECT_THAT(groups, ElementsAre("/42/edit", "42", "edit", ""));
  EXPECT_EQ(groups[1].data(), subject.data() + 7);
}

TEST(Pattern, LeavesTheGroupsAloneWhenItDoesNotMatch) {
  std::vector<std::string_view> groups{"old"};
  EXPECT_FALSE(pattern("x").search("abc", groups));
  EXPECT_FALSE(pattern("(?!a)x").search("abc", groups));
  EXPECT_THAT(groups, ElementsAre("old"));
}

TEST(Pattern, IsLinearWhereRe2KnowsTheSyntax) {
  EXPECT_TRUE(pattern("\\.(?:gif|png)$").linear());
  EXPECT_TRUE(pattern("^/(?<id>[^/]+)").linear());
  EXPECT_FALSE(pattern("/\\.(?!well-known)").linear());
  EXPECT_FALSE(pattern("(a)\\1").linear());
  EXPECT_FALSE(pattern("(?<=a)b").linear());
}

TEST(Pattern, LooksAheadAndBackWithPcre2) {
  EXPECT_TRUE(matches("/\\.(?!well-known)", "/.git/config"));
  EXPECT_FALSE(matches("/\\.(?!well-known)", "/.well-known/acme"));
  EXPECT_TRUE(matches("(?<=a)b", "ab"));
  EXPECT_TRUE(matches("^(\\w+)-\\1$", "abc-abc"));

  std::vector<std::string_view> groups;
  EXPECT_TRUE(pattern("^(?!x)(a)(?<rest>b)?(c)").search("ac", groups));
  EXPECT_THAT(groups, ElementsAre("ac", "a", "", "c"));
}

TEST(Pattern, NamesItsGroupsInEitherEngine) {
  EXPECT_THAT(pattern("(a)(?<b>b)(?P<c>c)").group_names(), ElementsAre("", "", "b", "c"));
  EXPECT_THAT(pattern("(a)(?<b>b)(?!x)").group_names(), ElementsAre("", "", "b"));
}

TEST(Pattern, TakesGroupsForNamesOnlyWhereTheyAreGroups) {
  EXPECT_TRUE(matches("^[(?<a>]+$", "(?<a>"));
  EXPECT_TRUE(matches("^[](?<a>]+$", "](?<a>"));
  EXPECT_TRUE(matches("^[[:digit:](?<a>]+$", "1(?<a>"));
  EXPECT_TRUE(matches("^\\(?<a>$", "<a>"));
}

TEST(Pattern, IgnoresCaseWhenAsked) {
  std::vector<std::string_view> groups;
  EXPECT_TRUE(pattern("\\.php$", Pattern::Case::insensitive).search("/A.PHP", groups));
  EXPECT_TRUE(pattern("\\.php(?!x)", Pattern::Case::insensitive).search("/A.PHP", groups));
  EXPECT_FALSE(pattern("\\.php$").search("/A.PHP", groups));
}

TEST(Pattern, WorksOnBytes) {
  EXPECT_TRUE(matches("^/.{2}$", "/\xc3\xa9"));
  EXPECT_TRUE(matches("\xc3\xa9$", "/caf\xc3\xa9"));
  EXPECT_TRUE(matches("^/\xff(?!x)", "/\xff"));
}

TEST(Pattern, MakesItsNamedGroupsVariables) {
  VariableTable variables;
  const Pattern first({"^/(?<one>a)", {}}, Pattern::Case::sensitive, variables);
  const Pattern second({"(?<two>b)(?<one>c)?", {}}, Pattern::Case::sensitive, variables);
  ASSERT_TRUE(variables.find("one"));
  ASSERT_TRUE(variables.find("two"));

  Captures captures;
  EXPECT_TRUE(first.search("/a", captures));
  EXPECT_THAT(captures.named, ElementsAre("a"));
  EXPECT_TRUE(second.search("b", captures));
  EXPECT_THAT(captures.named, ElementsAre("", "b"));
}

TEST(Pattern, RefusesAGroupNamedLikeAVariable) {
  VariableTable variables;
  try {
    Pattern({"(?<host>a)", {}}, Pattern::Case::sensitive, variables);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "the duplicate \"host\" variable");
  }
}

TEST(Pattern, GivesUpOnAHostileSubjectInsteadOfHanging) {
  const Pattern slow = pattern("(?!x)^(a+)+$");
  ASSERT_FALSE(slow.linear());
  std::vector<std::string_view> groups;
  EXPECT_FALSE(slow.search(std::string(5000, 'a') + "!", groups));
}

TEST(Pattern, IsRefusedInNginxsWords) {
  EXPECT_EQ(refusal("(a"), "pcre2_compile() failed: missing closing parenthesis in \"(a\"");
  EXPECT_EQ(refusal("a[b"),
            "pcre2_compile() failed: missing terminating ] for character class in \"a[b\"");
  EXPECT_THAT(refusal("a)b"), HasSubstr("at \")b\""));
  std::string many;
  for (int i = 0; i < 40; ++i) many += "(a)";
  EXPECT_THAT(refusal(many), StartsWith("too many groups"));
}

}  // namespace
}  // namespace sluice::routing
