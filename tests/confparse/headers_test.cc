// SPDX-License-Identifier: MIT
// add_header and expires, and what inner blocks get of them.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;
using Kind = ExpiresSetting::Kind;

// What holds in the inner of two locations: "A B".
std::string added(const std::string& server, const std::string& outer, const std::string& inner) {
  const ServerBlock block =
      load_server(server + " location / { " + outer + " location /a { " + inner + " } }");
  std::string names;
  for (const AddedHeader& header :
       block.locations[0].locations[0].settings.headers.headers.effective()) {
    names += (names.empty() ? "" : " ") + header.name;
  }
  return names;
}

TEST(AddHeader, ReadsNameTextAndAlways) {
  const auto headers = load_server("add_header A $host; add_header B b always;")
                           .settings.headers.headers.effective();
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].value.value, "$host");
  EXPECT_FALSE(headers[0].always);
  EXPECT_TRUE(headers[1].always);
}

TEST(AddHeader, IsInheritedByBlocksWithoutAny) {
  EXPECT_EQ(added("add_header A 1;", "", ""), "A");
  EXPECT_EQ(added("add_header A 1;", "add_header B 1; add_header C 1;", ""), "B C");
  EXPECT_EQ(added("add_header A 1;", "", "add_header B 1;"), "B");
}

TEST(AddHeader, MayBeMergedIntoTheOuterOnes) {
  EXPECT_EQ(
      added("add_header A 1;", "add_header B 1;", "add_header_inherit merge; add_header C 1;"),
      "B C");
  EXPECT_EQ(
      added("add_header_inherit merge; add_header A 1;", "add_header B 1;", "add_header C 1;"),
      "A B C");
  EXPECT_EQ(added("add_header A 1;", "add_header B 1; add_header_inherit merge;", ""), "A B");
  EXPECT_EQ(added("add_header_inherit merge; add_header A 1;", "",
                  "add_header_inherit on; add_header C 1;"),
            "C");
}

TEST(AddHeader, NeedNotBeInheritedAtAll) {
  EXPECT_EQ(added("add_header A 1;", "add_header_inherit off;", ""), "");
  EXPECT_EQ(added("add_header A 1;", "add_header_inherit off; add_header B 1;", ""), "");
  EXPECT_EQ(added("add_header A 1;", "", "add_header_inherit off; add_header B 1;"), "B");
}

ExpiresSetting expires(const std::string& words) {
  return load_server("expires " + words + ";").settings.headers.expires;
}

TEST(Expires, IsATimeInManyWays) {
  EXPECT_EQ(load_server("").settings.headers.expires.kind, Kind::off);
  EXPECT_EQ(expires("epoch").kind, Kind::epoch);
  EXPECT_EQ(expires("max").kind, Kind::max);
  EXPECT_EQ(expires("off").kind, Kind::off);
  EXPECT_EQ(expires("30d").time, 24h * 30);
  EXPECT_EQ(expires("+5").time, 5s);
  EXPECT_EQ(expires("-1h").time, -1h);
  EXPECT_EQ(expires("@15h30m").kind, Kind::daily);
  EXPECT_EQ(expires("@15h30m").time, 15h + 30min);
  EXPECT_EQ(expires("modified -1").kind, Kind::modified);
  EXPECT_EQ(expires("modified $arg_a").kind, Kind::variable);
  EXPECT_TRUE(expires("modified $arg_a").text_is_modified);
}

TEST(HeaderDirectives, AreRefusedInNginxsWords) {
  const auto message = [](const std::string& line) {
    return std::string(error_of("events { } http { server { " + line + " } }").what());
  };
  EXPECT_EQ(message("add_header a b c;"), "invalid parameter \"c\"");
  EXPECT_EQ(message("add_header a;"), "invalid number of arguments in \"add_header\" directive");
  EXPECT_EQ(message("add_header_inherit x;"), "invalid value \"x\"");
  EXPECT_EQ(message("expires foo;"), "\"expires\" directive invalid value");
  EXPECT_EQ(message("expires modified;"), "\"expires\" directive invalid value");
  EXPECT_EQ(message("expires modified epoch;"), "\"expires\" directive invalid value");
  EXPECT_EQ(message("expires 1y 2;"), "\"expires\" directive invalid value");
  EXPECT_EQ(message("expires @-1;"), "\"expires\" directive invalid value");
  EXPECT_EQ(message("expires @25h;"),
            "\"expires\" directive daily time value must be less than 24 hours");
  EXPECT_EQ(message("expires modified @10h;"),
            "\"expires\" directive daily time cannot be used with \"modified\" parameter");
}

}  // namespace
}  // namespace sluice::confparse
