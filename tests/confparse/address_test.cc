// SPDX-License-Identifier: MIT
#include "confparse/address.h"

#include <gtest/gtest.h>

namespace sluice::confparse {
namespace {

std::string listen_on(std::string_view word) {
  const ParsedListen parsed = parse_listen(word);
  return parsed.complaint.empty() ? parsed.addresses.at(0) : parsed.complaint;
}

TEST(ListenAddress, HasOneCanonicalSpelling) {
  EXPECT_EQ(listen_on("80"), "0.0.0.0:80");
  EXPECT_EQ(listen_on("*:80"), "0.0.0.0:80");
  EXPECT_EQ(listen_on("*"), "0.0.0.0:80");
  EXPECT_EQ(listen_on("127.0.0.1"), "127.0.0.1:80");
  EXPECT_EQ(listen_on("127.0.0.1:8000"), "127.0.0.1:8000");
  EXPECT_EQ(listen_on("localhost:81"), "127.0.0.1:81");
  EXPECT_EQ(listen_on("LocalHost"), "127.0.0.1:80");
  EXPECT_EQ(listen_on("[::]:80"), "[::]:80");
  EXPECT_EQ(listen_on("[0:0::1]"), "[::1]:80");
  EXPECT_EQ(listen_on("unix:/run/a.sock"), "unix:/run/a.sock");
}

TEST(ListenAddress, MayHavePortZeroForTests) {
  EXPECT_EQ(listen_on("127.0.0.1:0"), "127.0.0.1:0");
}

TEST(ListenAddress, MayBeARangeOfPorts) {
  EXPECT_EQ(parse_listen("127.0.0.1:8000-8002").addresses,
            (std::vector<std::string>{"127.0.0.1:8000", "127.0.0.1:8001", "127.0.0.1:8002"}));
  EXPECT_EQ(listen_on("8002-8000"), "invalid port range");
}

TEST(ListenAddress, IsRefusedInTheWordsOfNginx) {
  EXPECT_EQ(listen_on("99999"), "invalid port");
  EXPECT_EQ(listen_on("127.0.0.1:"), "invalid port");
  EXPECT_EQ(listen_on("1:2:3"), "invalid port");
  EXPECT_EQ(listen_on(":80"), "no host");
  EXPECT_EQ(listen_on("[::1"), "invalid host");
  EXPECT_EQ(listen_on("[]:80"), "no host");
  EXPECT_EQ(listen_on("[::g]:80"), "invalid IPv6 address");
  EXPECT_EQ(listen_on("unix:"), "no path in the unix domain socket");
  EXPECT_EQ(listen_on("unix:/" + std::string(200, 'x')), "too long path in the unix domain socket");
  EXPECT_EQ(listen_on(std::string{"unix:\0/a", 8}), "invalid path in the unix domain socket");
  EXPECT_EQ(listen_on("example.com:80"), "host not found");
}

TEST(PeerAddress, IsSplitIntoHostPortAndUri) {
  const PeerAddress peer = parse_peer("app.internal:8000/api/?x", true).address;
  EXPECT_EQ(peer.host, "app.internal");
  EXPECT_EQ(peer.port, 8000);
  EXPECT_EQ(peer.uri, "/api/?x");
  EXPECT_FALSE(parse_peer("app", true).address.port);
}

TEST(PeerAddress, MayBeAnIpv6AddressOrASocketPath) {
  const PeerAddress six = parse_peer("[::1]:80/a:b", true).address;
  EXPECT_EQ(six.host, "[::1]");
  EXPECT_EQ(six.port, 80);
  EXPECT_EQ(six.uri, "/a:b");
  const PeerAddress path = parse_peer("unix:/run/a.sock:/uri/", true).address;
  EXPECT_TRUE(path.is_unix);
  EXPECT_EQ(path.host, "/run/a.sock");
  EXPECT_EQ(path.uri, "/uri/");
}

TEST(PeerAddress, IsRefusedInTheWordsOfNginx) {
  EXPECT_EQ(parse_peer("a:0", true).complaint, "invalid port");
  EXPECT_EQ(parse_peer("a:b", true).complaint, "invalid port");
  EXPECT_EQ(parse_peer("/a", true).complaint, "no host");
  EXPECT_EQ(parse_peer("a/b", false).complaint, "invalid host");
  EXPECT_EQ(parse_peer("[::1]x", true).complaint, "invalid host");
  EXPECT_EQ(parse_peer("unix:", true).complaint, "no path in the unix domain socket");
}

}  // namespace
}  // namespace sluice::confparse
