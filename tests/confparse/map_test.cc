// SPDX-License-Identifier: MIT
// The rows of a `map`.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

MapSettings load_map(const std::string& rows) {
  return load_http("map $host $name {" + rows + "} server { }").settings->http.maps.at(0);
}

TEST(Map, KeepsItsRowsInTheirOrder) {
  const MapSettings map = load_map("default d; Text 1; ~^a$ 2; ~*^b 3; '' empty; \\default 4;");
  EXPECT_EQ(map.source.value, "$host");
  EXPECT_EQ(map.name.value, "name");
  EXPECT_FALSE(map.is_volatile);
  ASSERT_EQ(map.entries.size(), 6U);
  EXPECT_EQ(map.entries[0].kind, MapKey::fallback);
  EXPECT_EQ(map.entries[0].value.value, "d");
  EXPECT_EQ(map.entries[1].kind, MapKey::text);
  EXPECT_EQ(map.entries[1].key.value, "text");
  EXPECT_EQ(map.entries[2].kind, MapKey::regex);
  EXPECT_EQ(map.entries[2].key.value, "^a$");
  EXPECT_EQ(map.entries[3].kind, MapKey::regex_nocase);
  EXPECT_EQ(map.entries[3].key.value, "^b");
  EXPECT_EQ(map.entries[4].key.value, "");
  EXPECT_EQ(map.entries[5].kind, MapKey::text);
  EXPECT_EQ(map.entries[5].key.value, "default");
}

TEST(Map, KnowsWildcardsAfterHostnamesOnly) {
  const MapSettings plain = load_map("*.a.org 1;");
  EXPECT_EQ(plain.entries[0].kind, MapKey::text);
  const MapSettings map = load_map("volatile; hostnames; *.a.org 1; .B.org 2; www.c.* 3; d.org 4;");
  EXPECT_TRUE(map.is_volatile);
  EXPECT_TRUE(map.hostnames);
  EXPECT_EQ(map.entries[0].kind, MapKey::head);
  EXPECT_EQ(map.entries[0].key.value, ".a.org");
  EXPECT_EQ(map.entries[1].kind, MapKey::dotted);
  EXPECT_EQ(map.entries[1].key.value, ".b.org");
  EXPECT_EQ(map.entries[2].kind, MapKey::tail);
  EXPECT_EQ(map.entries[2].key.value, "www.c.");
  EXPECT_EQ(map.entries[3].kind, MapKey::text);
}

TEST(Map, TakesRowsOutOfOtherFiles) {
  const TempFolder folder;
  const std::string rows = folder.write("rows", "a 1;\nb 2;\n");
  EXPECT_EQ(load_map("include " + rows + "; c 3;").entries.size(), 3U);
}

}  // namespace
}  // namespace sluice::confparse
