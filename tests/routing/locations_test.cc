// SPDX-License-Identifier: MIT
#include "routing/locations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sluice::routing {
namespace {

using confparse::LocationBlock;
using confparse::MatchKind;
using testing::ElementsAre;

LocationBlock location(MatchKind kind, std::string pattern, std::vector<LocationBlock> inner = {}) {
  LocationBlock block;
  block.kind = kind;
  block.pattern.value = std::move(pattern);
  block.locations = std::move(inner);
  return block;
}
LocationBlock exact(std::string path) {
  return location(MatchKind::exact, std::move(path));
}
LocationBlock prefix(std::string path, std::vector<LocationBlock> inner = {}) {
  return location(MatchKind::prefix, std::move(path), std::move(inner));
}
LocationBlock final_prefix(std::string path, std::vector<LocationBlock> inner = {}) {
  return location(MatchKind::prefix_final, std::move(path), std::move(inner));
}
LocationBlock regex(std::string pattern, std::vector<LocationBlock> inner = {}) {
  return location(MatchKind::regex, std::move(pattern), std::move(inner));
}
LocationBlock nocase(std::string pattern) {
  return location(MatchKind::regex_nocase, std::move(pattern));
}

// What find() says, as it would be written: "^~ /images/".
std::string written(const LocationBlock* block) {
  if (block == nullptr) return "none";
  switch (block->kind) {
    case MatchKind::exact:
      return "= " + block->pattern.value;
    case MatchKind::prefix:
      return block->pattern.value;
    case MatchKind::prefix_final:
      return "^~ " + block->pattern.value;
    case MatchKind::regex:
      return "~ " + block->pattern.value;
    case MatchKind::regex_nocase:
      return "~* " + block->pattern.value;
    case MatchKind::named:
      return block->pattern.value;
  }
  return "?";
}

struct Routes {
  explicit Routes(std::vector<LocationBlock> configured) : blocks(std::move(configured)) {}
  std::string find(std::string_view path) {
    captures.clear();
    return written(locations.find(path, captures));
  }

  std::vector<LocationBlock> blocks;
  VariableTable variables;
  Locations locations{blocks, variables};
  Captures captures;
};

TEST(Locations, FollowTheExampleOfNginxsDocumentation) {
  Routes routes({exact("/"), prefix("/"), prefix("/documents/"), final_prefix("/images/"),
                 nocase(R"(\.(gif|jpg|jpeg)$)")});
  EXPECT_EQ(routes.find("/"), "= /");
  EXPECT_EQ(routes.find("/index.html"), "/");
  EXPECT_EQ(routes.find("/documents/document.html"), "/documents/");
  EXPECT_EQ(routes.find("/images/1.gif"), "^~ /images/");
  EXPECT_EQ(routes.find("/documents/1.jpg"), R"(~* \.(gif|jpg|jpeg)$)");
}

TEST(Locations, FindNothingWhenNothingFits) {
  EXPECT_EQ(Routes({}).find("/"), "none");
  EXPECT_EQ(Routes({prefix("/a"), exact("/b"), regex("x$")}).find("/c"), "none");
}

TEST(Locations, TakeTheLongestPrefixInWhateverOrderTheyStand) {
  Routes routes({prefix("/a/b/c"), prefix("/a"), prefix("/"), prefix("/a/b"), prefix("/a/bb")});
  EXPECT_EQ(routes.find("/a/b/c/d"), "/a/b/c");
  EXPECT_EQ(routes.find("/a/b/d"), "/a/b");
  EXPECT_EQ(routes.find("/a/bbb"), "/a/bb");
  EXPECT_EQ(routes.find("/a/ba"), "/a/b");
  EXPECT_EQ(routes.find("/az"), "/a");
  EXPECT_EQ(routes.find("/zz"), "/");
}

TEST(Locations, ClimbFromANearNeighbourToTheOneThatFits) {
  Routes routes({prefix("/a"), prefix("/a/b/c/d"), prefix("/a/b/c/e")});
  EXPECT_EQ(routes.find("/a/b/c/dd"), "/a/b/c/d");
  EXPECT_EQ(routes.find("/a/b/c/da"), "/a/b/c/d");
  EXPECT_EQ(routes.find("/a/b/c/z"), "/a");
  EXPECT_EQ(routes.find("/0"), "none");
}

TEST(Locations, OrderPathsByBytesNotBySignedCharacters) {
  Routes routes({prefix("/"), prefix("/\xc3\xa9"), prefix("/z")});
  EXPECT_EQ(routes.find("/\xc3\xa9t\xc3\xa9"), "/\xc3\xa9");
  EXPECT_EQ(routes.find("/zoo"), "/z");
}

TEST(Locations, KnowSmallLettersFromCapitals) {
  Routes routes({prefix("/"), prefix("/Docs/"), regex("\\.PHP$"), nocase("\\.css$")});
  EXPECT_EQ(routes.find("/docs/a"), "/");
  EXPECT_EQ(routes.find("/Docs/a"), "/Docs/");
  EXPECT_EQ(routes.find("/a.php"), "/");
  EXPECT_EQ(routes.find("/a.CSS"), "~* \\.css$");
}

TEST(Locations, TryRegexesInTheOrderOfTheConfiguration) {
  Routes routes({prefix("/long/prefix"), regex("^/long"), regex("^/long/prefix/longer")});
  EXPECT_EQ(routes.find("/long/prefix/longer"), "~ ^/long");
}

TEST(Locations, ExactOnesEndTheSearch) {
  Routes routes({prefix("/"), exact("/a"), regex("a")});
  EXPECT_EQ(routes.find("/a"), "= /a");
  EXPECT_EQ(routes.find("/a/"), "~ a");
}

TEST(Locations, OnlyTheLongestPrefixDecidesWhetherRegexesAreTried) {
  Routes routes({final_prefix("/a"), prefix("/a/b"), regex("x$")});
  EXPECT_EQ(routes.find("/a/x"), "^~ /a");
  EXPECT_EQ(routes.find("/a/b/x"), "~ x$");
}

TEST(Locations, SearchOnInsideTheMatchedPrefix) {
  Routes routes({prefix("/", {prefix("/a", {exact("/a/b"), regex("inner")}), regex("middle")}),
                 regex("outer")});
  EXPECT_EQ(routes.find("/z"), "/");
  EXPECT_EQ(routes.find("/a/z"), "/a");
  EXPECT_EQ(routes.find("/a/b"), "= /a/b");
  EXPECT_EQ(routes.find("/a/inner/middle/outer"), "~ inner");
  EXPECT_EQ(routes.find("/a/middle/outer"), "~ middle");
  EXPECT_EQ(routes.find("/a/outer"), "~ outer");
  EXPECT_EQ(routes.find("/inner"), "/");
}

TEST(Locations, InnerFinalPrefixDoesNotSilenceOuterRegexes) {
  Routes routes({prefix("/a", {final_prefix("/a/b"), regex("x$")}), regex("xx$")});
  EXPECT_EQ(routes.find("/a/b/x"), "^~ /a/b");
  EXPECT_EQ(routes.find("/a/b/xx"), "~ xx$");
  EXPECT_EQ(routes.find("/a/c/xx"), "~ x$");
}

TEST(Locations, OuterFinalPrefixStillAllowsInnerRegexes) {
  Routes routes({final_prefix("/a", {regex("x$")}), regex("y$")});
  EXPECT_EQ(routes.find("/a/x"), "~ x$");
  EXPECT_EQ(routes.find("/a/y"), "^~ /a");
}

TEST(Locations, SearchOnInsideTheMatchedRegex) {
  Routes routes({regex("^/a", {regex("\\.php$"), exact("/a/b")}), regex("c$")});
  EXPECT_EQ(routes.find("/a/x.php"), "~ \\.php$");
  EXPECT_EQ(routes.find("/a/b"), "= /a/b");
  EXPECT_EQ(routes.find("/a/c"), "~ ^/a");
}

TEST(Locations, KeepNamedOnesApart) {
  Routes routes({prefix("/"), location(MatchKind::named, "@fallback")});
  EXPECT_EQ(routes.find("@fallback"), "none");
  EXPECT_EQ(written(routes.locations.find_named("@fallback")), "@fallback");
  EXPECT_EQ(routes.locations.find_named("@other"), nullptr);
}

TEST(Locations, HandOutTheGroupsOfTheRegexThatMatched) {
  Routes routes({regex("^/no/(.*)$"), regex("^/(users)/(?<id>\\d+)(/x)?")});
  EXPECT_EQ(routes.find("/users/42"), "~ ^/(users)/(?<id>\\d+)(/x)?");
  EXPECT_THAT(routes.captures.groups, ElementsAre("/users/42", "users", "42", ""));
  EXPECT_THAT(routes.captures.named, ElementsAre("42"));
}

TEST(Locations, LeaveTheGroupsOfTheServersNameWhenNoRegexMatches) {
  Routes routes({prefix("/"), regex("^/(x)$")});
  routes.captures.groups = {"www.example.com", "www"};
  routes.locations.find("/a", routes.captures);
  EXPECT_THAT(routes.captures.groups, ElementsAre("www.example.com", "www"));
}

TEST(Locations, MayShareAPathWhenTheyAreOfDifferentKinds) {
  Routes routes({prefix("/a"), exact("/a"), regex("/a$"), regex("/a$")});
  EXPECT_EQ(routes.find("/a"), "= /a");
  EXPECT_EQ(routes.find("/ab"), "/a");
}

TEST(Locations, FindOneAmongTenThousand) {
  std::vector<LocationBlock> blocks{prefix("/")};
  for (int i = 0; i < 10'000; ++i) blocks.push_back(prefix("/p" + std::to_string(i) + "/"));
  Routes routes(std::move(blocks));
  for (int i = 0; i < 10'000; i += 7) {
    const std::string path = "/p" + std::to_string(i) + "/";
    EXPECT_EQ(routes.find(path + "x"), path);
  }
  EXPECT_EQ(routes.find("/p10001/"), "/");
}

LocationBlock proxying(LocationBlock block) {
  block.content.proxy_pass.emplace();
  return block;
}

TEST(Locations, FindsAProxyingLocationWithoutItsSlash) {
  const std::vector<LocationBlock> blocks{proxying(prefix("/app/")), prefix("/files/"),
                                          proxying(exact("/one/")), regex("^/app$")};
  VariableTable variables;
  const Locations locations(blocks, variables);
  Captures captures;
  const auto lacks_slash = [&](std::string_view path) {
    const LocationBlock* found = locations.find(path, captures);
    return found != nullptr && Locations::lacks_slash(*found, path);
  };
  EXPECT_TRUE(lacks_slash("/app"));  // before the regex
  EXPECT_TRUE(lacks_slash("/one"));
  EXPECT_FALSE(lacks_slash("/app/"));
  EXPECT_FALSE(lacks_slash("/files"));
  EXPECT_FALSE(lacks_slash("/ap"));
}

TEST(Locations, FindsThePathItselfBeforeTheOneWithASlash) {
  const std::vector<LocationBlock> blocks{proxying(prefix("/a/")), exact("/a"),
                                          proxying(prefix("/b/")), prefix("/b")};
  VariableTable variables;
  const Locations locations(blocks, variables);
  Captures captures;
  EXPECT_EQ(locations.find("/a", captures), &blocks[1]);
  EXPECT_EQ(locations.find("/b", captures), &blocks[3]);
}

}  // namespace
}  // namespace sluice::routing
