// SPDX-License-Identifier: MIT
#include "routing/server_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using confparse::ServerBlock;
using testing::ElementsAre;
using testing::StartsWith;

// One server for each list of names; the last one is the default.
struct Hosts {
  explicit Hosts(const std::vector<std::vector<std::string>>& lists) : blocks(lists.size()) {
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (const std::string& name : lists[i]) blocks[i].names.push_back({name, {}});
      pointers.push_back(&blocks[i]);
    }
    names.emplace(pointers, lists.size() - 1, variables);
  }
  std::size_t find(std::string_view host) {
    captures.clear();
    return names->find(host, captures);
  }

  std::vector<ServerBlock> blocks;
  std::vector<const ServerBlock*> pointers;
  VariableTable variables;
  std::optional<ServerNames> names;
  Captures captures;
};

std::string refusal(const std::string& name) {
  try {
    Hosts hosts({{name}});
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(ServerNames, FollowTheOrderOfNginxsDocumentation) {
  Hosts hosts({{"~^www\\d*\\.example\\.com$"},
               {"mail.*", "www.*"},
               {"*.org", "*.example.org"},
               {"www.sub.example.org"},
               {"*.sub.example.org"},
               {"default"}});
  EXPECT_EQ(hosts.find("www.sub.example.org"), 3U);   // exact
  EXPECT_EQ(hosts.find("mail.sub.example.org"), 4U);  // the longest asterisk at the front
  EXPECT_EQ(hosts.find("mail.example.org"), 2U);      // front before end
  EXPECT_EQ(hosts.find("mail.example.com"), 1U);      // end
  EXPECT_EQ(hosts.find("www.example.com"), 1U);       // end before regex
  EXPECT_EQ(hosts.find("www1.example.com"), 0U);      // regex
  EXPECT_EQ(hosts.find("nobody.net"), 5U);
}

TEST(ServerNames, GiveTheFirstServerThatTakesARequestWithoutHost) {
  EXPECT_EQ(Hosts({{"a"}, {"b", ""}, {"default"}}).find(""), 1U);
  EXPECT_EQ(Hosts({{"a"}, {}, {"default"}}).find(""), 1U);
  EXPECT_EQ(Hosts({{"a"}, {"~.*"}, {"default"}}).find(""), 2U);
}

TEST(ServerNames, LetAnAsteriskStandForSeveralLabelsButNotForNone) {
  Hosts hosts({{"*.example.com"}, {"www.*"}, {"default"}});
  EXPECT_EQ(hosts.find("a.example.com"), 0U);
  EXPECT_EQ(hosts.find("a.b.example.com"), 0U);
  EXPECT_EQ(hosts.find("example.com"), 2U);
  EXPECT_EQ(hosts.find("badexample.com"), 2U);
  EXPECT_EQ(hosts.find("www.a.b"), 1U);
  EXPECT_EQ(hosts.find("www"), 2U);
  EXPECT_EQ(hosts.find("wwww.a"), 2U);
}

TEST(ServerNames, TakeALeadingDotForTheNameAndAllBelow) {
  Hosts hosts({{".example.com"}, {"default"}});
  EXPECT_EQ(hosts.find("example.com"), 0U);
  EXPECT_EQ(hosts.find("a.b.example.com"), 0U);
  EXPECT_EQ(hosts.find("badexample.com"), 1U);
}

TEST(ServerNames, PreferTheLongestWildcardOfEachKind) {
  Hosts hosts({{"*.com"}, {"*.example.com"}, {"www.*"}, {"www.example.*"}, {"default"}});
  EXPECT_EQ(hosts.find("www.example.com"), 1U);
  EXPECT_EQ(hosts.find("www.other.com"), 0U);
  EXPECT_EQ(hosts.find("www.example.org"), 3U);
  EXPECT_EQ(hosts.find("www.other.org"), 2U);
}

TEST(ServerNames, TryRegexesInTheOrderOfTheConfiguration) {
  Hosts hosts({{"~^a"}, {"~^ab"}, {"default"}});
  EXPECT_EQ(hosts.find("abc"), 0U);
}

TEST(ServerNames, MayHaveCapitalsInARegex) {
  Hosts hosts({{"~^MAIL\\."}, {"default"}});
  EXPECT_EQ(hosts.find("mail.net"), 0U);
}

TEST(ServerNames, TakeAnUnderscoreForANameLikeAnyOther) {
  Hosts hosts({{"_"}, {"default"}});
  EXPECT_EQ(hosts.find("anything"), 1U);
  EXPECT_EQ(hosts.find("_"), 0U);
}

TEST(ServerNames, BelongToTheFirstOfTwoServers) {
  Hosts hosts({{"a", "*.a"}, {"a", "b", "*.a", "c.*"}, {"c.*", "default"}});
  EXPECT_EQ(hosts.find("a"), 0U);
  EXPECT_EQ(hosts.find("x.a"), 0U);
  EXPECT_EQ(hosts.find("c.x"), 1U);
}

TEST(ServerNames, IgnoreANameWithALeadingDotAsAWhole) {
  Hosts hosts(
      {{"example.com"}, {".example.com"}, {"*.example.org"}, {".example.org"}, {"default"}});
  EXPECT_EQ(hosts.find("example.com"), 0U);
  EXPECT_EQ(hosts.find("www.example.com"), 4U);
  EXPECT_EQ(hosts.find("example.org"), 4U);
  EXPECT_EQ(hosts.find("www.example.org"), 2U);
}

TEST(ServerNames, HandOutTheGroupsOfTheRegexThatMatched) {
  Hosts hosts({{"~^(www\\.)?(?<domain>.+)$"}, {"default"}});
  EXPECT_EQ(hosts.find("www.example.com"), 0U);
  EXPECT_THAT(hosts.captures.groups, ElementsAre("www.example.com", "www.", "example.com"));
  EXPECT_THAT(hosts.captures.named, ElementsAre("example.com"));
  EXPECT_TRUE(hosts.variables.find("domain"));
}

TEST(ServerNames, RefuseAnAsteriskInTheMiddle) {
  EXPECT_EQ(refusal("www.*.com"), R"(invalid server name or wildcard "www.*.com")");
  EXPECT_EQ(refusal("w*.com"), R"(invalid server name or wildcard "w*.com")");
  EXPECT_EQ(refusal("*.*"), R"(invalid server name or wildcard "*.*")");
  EXPECT_EQ(refusal("*.a.*"), R"(invalid server name or wildcard "*.a.*")");
  EXPECT_EQ(refusal("*..a"), R"(invalid server name or wildcard "*..a")");
  EXPECT_EQ(refusal("a..b"), R"(invalid server name or wildcard "a..b")");
  EXPECT_THAT(refusal("~("), StartsWith("pcre2_compile() failed"));
}

}  // namespace
}  // namespace sluice::routing
