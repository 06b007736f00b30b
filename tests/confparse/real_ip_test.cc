// SPDX-License-Identifier: MIT
// `set_real_ip_from`, `real_ip_header` and `real_ip_recursive`: what they say is read.
#include <gtest/gtest.h>

#include "confparse/network.h"
#include "loading.h"

namespace sluice::confparse {
namespace {

TEST(ParseNetwork, ReadsAddressesAndPrefixes) {
  const auto v4 = parse_network("10.1.0.0/16");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->network.size, 4);
  EXPECT_EQ(v4->network.bits, 16);
  EXPECT_FALSE(v4->lost_bits);
  EXPECT_EQ(parse_network("10.1.2.3")->network.bits, 32);
  EXPECT_EQ(parse_network("::1")->network.bits, 128);
  EXPECT_EQ(parse_network("fe80::/10")->network.size, 16);
  EXPECT_EQ(parse_network("0.0.0.0/0")->network.bits, 0);
  EXPECT_EQ(parse_network("unix:")->network.size, 0);
}

TEST(ParseNetwork, DropsTheBitsBehindThePrefix) {
  const auto parsed = parse_network("10.255.255.255/9");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->lost_bits);
  EXPECT_EQ(parsed->network.bytes[1], 0x80);
  EXPECT_EQ(parsed->network.bytes[2], 0);
}

TEST(ParseNetwork, KnowsWhatIsNone) {
  for (const char* word : {"", "/8", "10.0.0.1/33", "::1/129", "10.0.0.1/", "10.0.0.1/x", "10.0.0",
                           "10.0.0.256", "app.internal", "unix:/run/a", "[::1]"}) {
    EXPECT_FALSE(parse_network(word)) << word;
  }
}

TEST(RealIpSettings, TrustNobodyUnlessSaid) {
  const ServerBlock server = load_server("");
  EXPECT_TRUE(server.settings.real_ip.from.empty());
  EXPECT_TRUE(server.settings.real_ip.names.empty());
  EXPECT_EQ(server.settings.real_ip.header, "X-Real-IP");
  EXPECT_FALSE(server.settings.real_ip.recursive);
}

TEST(RealIpSettings, AreInheritedAndTheNetworksReplacedAsAList) {
  const auto loaded = load_http(
      "set_real_ip_from 10.0.0.0/8; set_real_ip_from app.internal; real_ip_recursive on; "
      "server { location /a { real_ip_header X-Forwarded-For; } "
      "location /b { set_real_ip_from ::1; set_real_ip_from unix:; } }");
  const auto& locations = loaded.settings->http.servers[0].locations;
  const RealIpSettings& inherits = locations[0].settings.real_ip;
  EXPECT_EQ(inherits.from.size(), 1u);
  ASSERT_EQ(inherits.names.size(), 1u);
  EXPECT_EQ(inherits.names[0].value, "app.internal");
  EXPECT_EQ(inherits.header, "X-Forwarded-For");
  EXPECT_TRUE(inherits.recursive);
  const RealIpSettings& replaces = locations[1].settings.real_ip;
  EXPECT_EQ(replaces.from.size(), 2u);
  EXPECT_TRUE(replaces.names.empty());
  EXPECT_EQ(replaces.header, "X-Real-IP");
}

TEST(RealIpSettings, WarnOfMeaninglessBits) {
  const auto loaded = load_http("set_real_ip_from 10.0.0.1/8; server { }");
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_EQ(loaded.warnings[0].message, "low address bits of 10.0.0.1/8 are meaningless");
}

}  // namespace
}  // namespace sluice::confparse
