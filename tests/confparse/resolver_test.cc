// SPDX-License-Identifier: MIT
// `resolver` and `resolver_timeout`: nginx's words for what is wrong (asked with `nginx -t`).
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;

TEST(ResolverSettings, AreTheSystemsUnlessSaid) {
  const ServerBlock server = load_server("");
  EXPECT_TRUE(server.settings.resolver.servers.empty());
  EXPECT_EQ(server.settings.resolver.timeout, 30s);
}

TEST(ResolverSettings, AreRead) {
  const ServerBlock server = load_server(
      "resolver 127.0.0.1 [::1]:5353 dns.example valid=10s ipv6=off status_zone=z; "
      "resolver_timeout 2s;");
  const ResolverSettings& read = server.settings.resolver;
  ASSERT_EQ(read.servers.size(), 3u);
  EXPECT_EQ(read.servers[1].value, "[::1]:5353");
  EXPECT_EQ(read.valid, 10s);
  EXPECT_TRUE(read.ipv4);
  EXPECT_FALSE(read.ipv6);
  EXPECT_EQ(read.timeout, 2s);
}

TEST(ResolverSettings, AreInheritedAndReplacedOneByOne) {
  const auto loaded = load_http(
      "resolver 127.0.0.1 valid=10s; resolver_timeout 2s; "
      "server { location /a { } location /b { resolver 127.0.0.2; } "
      "location /c { resolver_timeout 3s; } }");
  const auto& locations = loaded.settings->http.servers[0].locations;
  EXPECT_EQ(locations[0].settings.resolver.servers[0].value, "127.0.0.1");
  EXPECT_EQ(locations[1].settings.resolver.servers[0].value, "127.0.0.2");
  EXPECT_EQ(locations[1].settings.resolver.valid, 0s);
  EXPECT_EQ(locations[1].settings.resolver.timeout, 2s);
  EXPECT_EQ(locations[2].settings.resolver.servers[0].value, "127.0.0.1");
  EXPECT_EQ(locations[2].settings.resolver.timeout, 3s);
}

TEST(ResolverSettings, ThatMakeNoSenseAreExplained) {
  const struct {
    const char* line;
    const char* message;
    std::uint32_t column;
  } kWrong[] = {
      {"resolver valid=5s;", "no name servers defined", 1},
      {"resolver 127.0.0.1 valid=abc;", "invalid parameter: valid=abc", 20},
      {"resolver 127.0.0.1 valid=;", "invalid parameter: valid=", 20},
      {"resolver 127.0.0.1 ipv6=maybe;", "invalid parameter: ipv6=maybe", 20},
      {"resolver 127.0.0.1 ipv6=ON;", "invalid parameter: ipv6=ON", 20},
      {"resolver 127.0.0.1 ipv4=off ipv6=off;", "\"ipv4\" and \"ipv6\" cannot both be \"off\"", 1},
      {"resolver 127.0.0.1:99999;", "invalid port in resolver \"127.0.0.1:99999\"", 10},
      {"resolver http://x;", "invalid host in resolver \"http://x\"", 10},
      {"resolver :53;", "no host in resolver \":53\"", 10},
      {"resolver unix:/x;", "invalid host in resolver \"unix:/x\"", 10},
      {"resolver 127.0.0.1 foo=bar;", "invalid parameter \"foo=bar\"", 20},
      {"resolver;", "invalid number of arguments in \"resolver\" directive", 1},
      {"resolver_timeout abc;", "\"resolver_timeout\" directive invalid value", 18},
  };
  for (const auto& wrong : kWrong) {
    const ConfigError error = error_of("events { } http {\n" + std::string(wrong.line) + "\n}");
    EXPECT_STREQ(error.what(), wrong.message);
    EXPECT_EQ(error.position().line, 2u);
    EXPECT_EQ(error.position().column, wrong.column) << wrong.line;
  }
}

}  // namespace
}  // namespace sluice::confparse
