// SPDX-License-Identifier: MIT
#include "confparse/print_directives.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "confparse/find_rule.h"
#include "loading.h"

namespace sluice::confparse {
namespace {

std::string table() {
  std::ostringstream out;
  print_directives(out, test_strategies());
  return out.str();
}

bool has_line(const std::string& line) {
  return table().find(line + "\n") != std::string::npos;
}

TEST(DirectivesTable, ShowsDefaultsAsTheyStandBesideTheFields) {
  EXPECT_TRUE(
      has_line("| `proxy_read_timeout` | http, server, location | 1 word | `60s` | works |"));
  EXPECT_TRUE(
      has_line("| `client_max_body_size` | http, server, location | 1 word | `1m` | works |"));
  EXPECT_TRUE(has_line("| `daemon` | main | 1 word | `on` | works |"));
  EXPECT_TRUE(has_line("| `location` | server, location | 1 or 2 words, block |  | works |"));
}

TEST(DirectivesTable, SaysWhatDoesNotWork) {
  EXPECT_TRUE(
      has_line("| `sendfile` | http, server, location | 1 word |  | accepted, no effect |"));
  EXPECT_TRUE(
      has_line("| `gzip` | http, server, location |  |  | accepted with a warning, no effect |"));
  EXPECT_TRUE(has_line("| `deny` | http, server, location |  |  | not supported yet |"));
}

TEST(DirectivesTable, HasTheStrategies) {
  EXPECT_TRUE(has_line("| `ip_hash` | upstream | no word |  | works |"));
}

TEST(Rules, NameNoDirectiveTwiceInOneContext) {
  std::set<std::pair<std::string_view, Contexts>> seen;
  for (const Rule& rule : all_rules()) {
    for (Contexts bit = 1; bit <= kUpstream; bit <<= 1U) {
      if ((rule.contexts & bit) != 0) {
        EXPECT_TRUE(seen.emplace(rule.name, bit).second) << rule.name;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::confparse
