// SPDX-License-Identifier: MIT
// The lines of an upstream block and what they become.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;
using Kind = StickySettings::Kind;

UpstreamSettings upstream_of(const std::string& lines) {
  return load_http("upstream u { " + lines + " }").settings->http.upstreams.at(0);
}

TEST(UpstreamServerLine, HasEveryParameter) {
  const UpstreamServer server =
      upstream_of(
          "server a:1 weight=3 max_conns=4 max_fails=5 fail_timeout=6 down drain "
          "route=blue slow_start=1m30s; server b backup;")
          .servers.at(0);
  EXPECT_EQ(server.address, "a:1");
  EXPECT_EQ(server.weight, 3u);
  EXPECT_EQ(server.max_connections, 4u);
  EXPECT_EQ(server.max_fails, 5u);
  EXPECT_EQ(server.fail_timeout, 6s);
  EXPECT_TRUE(server.down);
  EXPECT_TRUE(server.drain);
  EXPECT_EQ(server.route, "blue");
  EXPECT_EQ(server.slow_start, 90s);
  EXPECT_FALSE(server.backup);
}

TEST(UpstreamServerLine, TakesNumbersAsLargeAsNginxDoes) {
  const UpstreamServer server =
      upstream_of(
          "server a weight=4294967295 max_conns=9223372036854775807 "
          "max_fails=9223372036854775807 fail_timeout=9223372036854775807;")
          .servers.at(0);
  EXPECT_EQ(server.weight, 4294967295U);
  EXPECT_EQ(server.max_connections, 4294967295U) << "nobody has so many";
  EXPECT_EQ(server.max_fails, 4294967295U);
  EXPECT_EQ(server.fail_timeout, std::chrono::hours{24 * 365 * 100}) << "what a clock can hold";
}

TEST(Zone, MayHaveItsSizeInAnotherUpstream) {
  EXPECT_EQ(upstream_of("server a; zone z 32k; zone y 64k;").servers.size(), 1U);
  const auto loaded = load_http(
      "upstream a { server a; zone z; } upstream b { server b; zone z 64k; }"
      "upstream c { server c; zone z; }");
  EXPECT_EQ(loaded.settings->http.upstreams.size(), 3U);
}

TEST(Weights, AreLimitedForThoseStrategiesOnlyThatListThem) {
  EXPECT_EQ(upstream_of("server a weight=20; hash $uri consistent;").servers.at(0).weight, 20U);
  EXPECT_EQ(upstream_of("server a weight=2000; hash $uri;").servers.at(0).weight, 2000U);
  EXPECT_EQ(upstream_of("server a weight=2000; ip_hash;").servers.at(0).weight, 2000U);
}

TEST(HashAgain, IsAWordOfTheHash) {
  const UpstreamSettings settings = upstream_of("hash $uri; hash_again 3; server a;");
  EXPECT_EQ(settings.method_words, (std::vector<std::string>{"$uri", "again=3"}));
  EXPECT_EQ(upstream_of("hash_again 7; server a; hash $uri consistent;").method_words,
            (std::vector<std::string>{"$uri", "consistent", "again=7"}));
}

TEST(HashAgain, IsPointedOutWithoutAHash) {
  const auto loaded = load_http("upstream u { server a; hash_again 3; }");
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_EQ(loaded.warnings[0].message, "\"hash_again\" has no effect without \"hash\"");
}

TEST(Queue, HasASizeAndATimeout) {
  EXPECT_EQ(upstream_of("server a;").queue.most, 0u);
  const QueueSettings usual = upstream_of("server a; queue 10;").queue;
  EXPECT_EQ(usual.most, 10u);
  EXPECT_EQ(usual.timeout, 60s);
  EXPECT_EQ(upstream_of("server a; queue 1 timeout=500ms;").queue.timeout, 500ms);
}

TEST(Keepalive, MayBeLocal) {
  EXPECT_EQ(upstream_of("server a;").keepalive, 32u);
  EXPECT_FALSE(upstream_of("server a; keepalive 4;").keepalive_local);
  EXPECT_TRUE(upstream_of("server a; keepalive 4 local;").keepalive_local);
}

TEST(Sticky, IsNotThereUnlessConfigured) {
  EXPECT_EQ(upstream_of("server a;").sticky.kind, Kind::none);
}

TEST(Sticky, CookieHasEveryParameter) {
  const StickySettings sticky =
      upstream_of(
          "sticky cookie srv expires=1h domain=.$host path=/a httponly secure "
          "samesite=Lax; server a;")
          .sticky;
  EXPECT_EQ(sticky.kind, Kind::cookie);
  EXPECT_EQ(sticky.cookie, "srv");
  EXPECT_EQ(sticky.lookup.at(0).value, "cookie_srv");
  EXPECT_EQ(sticky.expires, 3600s);
  EXPECT_EQ(sticky.domain.value, ".$host");
  EXPECT_EQ(sticky.path, "/a");
  EXPECT_EQ(sticky.same_site.value, "Lax");
  EXPECT_TRUE(sticky.http_only);
  EXPECT_TRUE(sticky.secure);
  EXPECT_TRUE(upstream_of("sticky cookie srv expires=max; server a;").sticky.expires_never);
}

TEST(Sticky, RouteHasVariables) {
  const StickySettings sticky = upstream_of("sticky route $cookie_a $arg_b; server a;").sticky;
  EXPECT_EQ(sticky.kind, Kind::route);
  ASSERT_EQ(sticky.lookup.size(), 2u);
  EXPECT_EQ(sticky.lookup[0].value, "cookie_a");
  EXPECT_EQ(sticky.lookup[1].value, "arg_b");
}

TEST(Sticky, LearnHasEveryParameter) {
  const std::string line =
      "sticky learn create=$upstream_cookie_s lookup=$cookie_s lookup=$arg_s zone=z:1m";
  const StickySettings usual = upstream_of(line + "; server a;").sticky;
  EXPECT_EQ(usual.kind, Kind::learn);
  EXPECT_EQ(usual.create.at(0).value, "upstream_cookie_s");
  EXPECT_EQ(usual.lookup.size(), 2u);
  EXPECT_EQ(usual.zone, "z");
  EXPECT_EQ(usual.zone_size, 1u << 20);
  EXPECT_EQ(usual.timeout, 10min);
  EXPECT_FALSE(usual.at_head);
  const StickySettings other = upstream_of(line + " timeout=5s header; server a;").sticky;
  EXPECT_EQ(other.timeout, 5s);
  EXPECT_TRUE(other.at_head);
}

}  // namespace
}  // namespace sluice::confparse
