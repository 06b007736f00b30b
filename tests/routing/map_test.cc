// SPDX-License-Identifier: MIT
#include "routing/map.h"

#include <gtest/gtest.h>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::MapEntry;
using confparse::MapKey;
using confparse::MapSettings;

MapEntry row(MapKey kind, std::string key, std::string value) {
  return {kind, {std::move(key), {}}, {std::move(value), {}}};
}

MapSettings map(std::string source, std::string name, std::vector<MapEntry> entries) {
  MapSettings settings;
  settings.source.value = std::move(source);
  settings.name.value = std::move(name);
  settings.entries = std::move(entries);
  return settings;
}

// A configuration's maps, and one exchange that asks for them.
struct Example {
  std::vector<MapSettings> settings;
  VariableTable variables;
  Maps maps;
  Remembered remembered;
  Facts facts;

  explicit Example(std::vector<MapSettings> given)
      : settings(std::move(given)), maps(settings, variables) {
    maps.compile(variables);
    remembered.restart(variables.size());
    facts.remembered = &remembered;
  }
  std::string expand(std::string text) {
    std::string out;
    Template({std::move(text), {}}, variables).append_log_to(out, facts);
    return out;
  }
  std::string of_host(std::string_view host, std::string text = "$m") {
    remembered.restart(variables.size());
    facts.host = host;
    return expand(std::move(text));
  }
};

TEST(Map, LooksUpTextInAnyCaseAndFallsBack) {
  Example example({map("$host", "m",
                       {row(MapKey::fallback, "", "none"), row(MapKey::text, "a", "1"),
                        row(MapKey::text, "", "empty")})});
  EXPECT_EQ(example.of_host("a"), "1");
  EXPECT_EQ(example.of_host("A"), "1");
  EXPECT_EQ(example.of_host("b"), "none");
  EXPECT_EQ(example.of_host(""), "empty");
}

TEST(Map, WithoutADefaultIsFoundAndEmpty) {
  Example example({map("$host", "m", {})});
  EXPECT_EQ(example.of_host("a", "[$m]"), "[]");
}

TEST(Map, PrefersExactNamesThenFrontsThenEndsThenRegexes) {
  MapSettings settings =
      map("$host", "m",
          {row(MapKey::regex, "example", "regex"), row(MapKey::tail, "www.example.", "end"),
           row(MapKey::head, ".example.com", "front"),
           row(MapKey::head, ".a.example.com", "longer front"),
           row(MapKey::text, "www.example.com", "exact"),
           row(MapKey::dotted, ".example.org", "dotted")});
  settings.hostnames = true;
  Example example({settings});
  EXPECT_EQ(example.of_host("www.example.com"), "exact");
  EXPECT_EQ(example.of_host("www.example.com."), "exact");
  EXPECT_EQ(example.of_host("b.example.com"), "front");
  EXPECT_EQ(example.of_host("b.a.example.com"), "longer front");
  EXPECT_EQ(example.of_host("www.example.net"), "end");
  EXPECT_EQ(example.of_host("example.com"), "regex");
  EXPECT_EQ(example.of_host("example.org"), "dotted");
  EXPECT_EQ(example.of_host("x.example.org"), "dotted");
}

TEST(Map, PutsWhatItsRegexCaughtIntoItsValue) {
  Example example({map("$host", "m",
                       {row(MapKey::regex_nocase, "^(?<sub>[^.]+)\\.(.+)$", "$2/$sub"),
                        row(MapKey::fallback, "", "$1")})});
  EXPECT_EQ(example.of_host("www.a.org"), "a.org/www");
  EXPECT_EQ(example.of_host("www.a.org", "[$sub] $m [$sub]"), "[-] a.org/www [www]");
  const std::vector<std::string_view> outer{"whole", "location's"};
  example.facts.captures = outer;
  EXPECT_EQ(example.of_host("www.a.org", "$m $1"), "a.org/www location's");
  EXPECT_EQ(example.of_host("nothing"), "location's");
}

TEST(Map, IsLookedUpOnceAnExchangeUnlessVolatile) {
  MapSettings settings = map("$host", "m", {row(MapKey::fallback, "", "$host")});
  MapSettings fresh = map("$host", "fresh", {row(MapKey::fallback, "", "$host")});
  fresh.is_volatile = true;
  Example example({settings, fresh});
  EXPECT_EQ(example.of_host("a", "$m $fresh"), "a a");
  example.facts.host = "b";
  EXPECT_EQ(example.expand("$m $fresh"), "a b");
  example.remembered.restart(example.variables.size());
  EXPECT_EQ(example.expand("$m $fresh"), "b b");
}

TEST(Map, MayUseAMapThatComesLater) {
  Example example({map("$b", "a", {row(MapKey::text, "2", "yes"), row(MapKey::fallback, "", "no")}),
                   map("$host", "b", {row(MapKey::text, "x", "2")})});
  EXPECT_EQ(example.of_host("x", "$a$b"), "yes2");
  EXPECT_EQ(example.of_host("y", "$a$b"), "no");
}

TEST(Map, IsReplacedByALaterOneOfTheSameName) {
  Example example({map("$host", "m", {row(MapKey::fallback, "", "first")}),
                   map("$host", "M", {row(MapKey::fallback, "", "second")})});
  EXPECT_EQ(example.of_host("x"), "second");
}

std::string refusal(std::vector<MapSettings> settings, std::string* advice = nullptr) {
  try {
    Example example(std::move(settings));
  } catch (const confparse::ConfigError& error) {
    if (advice != nullptr) *advice = error.advice();
    return error.what();
  }
  return "";
}

TEST(Map, MayNotNeedItself) {
  std::string advice;
  EXPECT_EQ(refusal({map("$host", "other", {}), map("$b", "a", {}),
                     map("$host", "b", {row(MapKey::text, "x", "<$a>")})},
                    &advice),
            "cycle while evaluating variable \"a\"");
  EXPECT_EQ(advice, "each needs the next one's value: $a -> $b -> $a");
  EXPECT_EQ(refusal({map("$a", "a", {})}), "cycle while evaluating variable \"a\"");
}

TEST(Map, MayNotTakeTheNameOfAVariableOfNginx) {
  EXPECT_EQ(refusal({map("$host", "uri", {})}), "the duplicate \"uri\" variable");
  EXPECT_EQ(refusal({map("$host", "http_x", {})}), "");
  EXPECT_EQ(refusal({map("$hots", "a", {})}), "unknown \"hots\" variable");
}

}  // namespace
}  // namespace sluice::routing
