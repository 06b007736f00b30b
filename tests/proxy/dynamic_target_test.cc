// SPDX-License-Identifier: MIT
#include "proxy/dynamic_target.h"

#include <gtest/gtest.h>

namespace sluice::proxy {
namespace {

TargetParts parts_of(std::string_view text) {
  TargetParts parts;
  EXPECT_EQ(take_apart(text, parts), "") << text;
  return parts;
}

std::string complaint_of(std::string_view text) {
  TargetParts parts;
  return take_apart(text, parts);
}

TEST(DynamicTarget, IsTakenApart) {
  const TargetParts parts = parts_of("http://app.test:8080/a/b?c=d");
  EXPECT_EQ(parts.authority, "app.test:8080");
  EXPECT_EQ(parts.host, "app.test");
  EXPECT_EQ(parts.shown_host, "app.test:8080");
  EXPECT_EQ(parts.port_text, "8080");
  EXPECT_EQ(parts.port, 8080);
  EXPECT_TRUE(parts.has_port);
  EXPECT_EQ(parts.uri, "/a/b?c=d");
}

TEST(DynamicTarget, HasThePortOfItsSchemeUnlessSaid) {
  const TargetParts parts = parts_of("HTTP://app.test");
  EXPECT_EQ(parts.host, "app.test");
  EXPECT_EQ(parts.port, 80);
  EXPECT_EQ(parts.port_text, "80");
  EXPECT_FALSE(parts.has_port);
  EXPECT_EQ(parts.uri, "");
}

TEST(DynamicTarget, ShowsNoPortThatIsTheSchemes) {
  const TargetParts parts = parts_of("http://app.test:80/");
  EXPECT_EQ(parts.shown_host, "app.test");
  EXPECT_EQ(parts.uri, "/");
}

TEST(DynamicTarget, MayBeAnIpv6Address) {
  const TargetParts parts = parts_of("http://[::1]:81?q:[1]");
  EXPECT_EQ(parts.host, "[::1]");
  EXPECT_EQ(parts.port, 81);
  EXPECT_EQ(parts.uri, "?q:[1]");
}

TEST(DynamicTarget, TakesNoColonOfTheUriForAPort) {
  const TargetParts parts = parts_of("http://app.test/a:b");
  EXPECT_FALSE(parts.has_port);
  EXPECT_EQ(parts.uri, "/a:b");
}

TEST(DynamicTarget, MayBeAUnixSocket) {
  const TargetParts parts = parts_of("http://unix:/run/a.sock:/uri/?a");
  EXPECT_TRUE(parts.is_unix);
  EXPECT_EQ(parts.authority, "unix:/run/a.sock");
  EXPECT_EQ(parts.shown_host, "localhost");
  EXPECT_EQ(parts.port_text, "");
  EXPECT_EQ(parts.uri, "/uri/?a");
  EXPECT_EQ(parts_of("http://unix:/run/a.sock").uri, "");
  EXPECT_EQ(parts_of("http://unix:/run/a.sock:").uri, "");
}

TEST(DynamicTarget, ThatMakesNoSenseIsComplainedOfInTheWordsOfNginx) {
  EXPECT_EQ(complaint_of(""), "invalid URL prefix in \"\"");
  EXPECT_EQ(complaint_of("foo"), "invalid URL prefix in \"foo\"");
  EXPECT_EQ(complaint_of("http://"), "invalid URL prefix in \"http://\"");
  EXPECT_EQ(complaint_of("http://:80"), "no host in upstream \":80\"");
  EXPECT_EQ(complaint_of("http:///a"), "no host in upstream \"/a\"");
  EXPECT_EQ(complaint_of("http://a:0/x"), "invalid port in upstream \"a:0/x\"");
  EXPECT_EQ(complaint_of("http://a:65536"), "invalid port in upstream \"a:65536\"");
  EXPECT_EQ(complaint_of("http://a:"), "invalid port in upstream \"a:\"");
  EXPECT_EQ(complaint_of("http://a:+1"), "invalid port in upstream \"a:+1\"");
  EXPECT_EQ(complaint_of("http://[::1]x"), "invalid host in upstream \"[::1]x\"");
  EXPECT_EQ(complaint_of("http://[::1"), "invalid host in upstream \"[::1\"");
  EXPECT_EQ(complaint_of("http://unix:"),
            "no path in the unix domain socket in upstream \"unix:\"");
  EXPECT_EQ(complaint_of("http://unix:/" + std::string(200, 'a')).substr(0, 37),
            "too long path in the unix domain sock");
  EXPECT_NE(complaint_of("https://a").find("not supported"), std::string::npos);
}

TEST(DynamicTarget, LetsNoHostEndAHeaderLine) {
  EXPECT_EQ(complaint_of("http://a\r\nX/"), "invalid host in upstream \"a\r\nX/\"");
  EXPECT_EQ(complaint_of("http://a b"), "invalid host in upstream \"a b\"");
}

TEST(DynamicTarget, LetsNoUriEndTheRequest) {
  std::string out;
  append_as_request_target(out, std::string_view("/a b\r\nX: %20\0\x7f\xc3\xa4?q=\t", 20));
  EXPECT_EQ(out, "/a%20b%0D%0AX:%20%20%00%7F\xc3\xa4?q=%09");
}

TEST(NamedUpstreams, AreFoundAsNginxFindsThem) {
  NamedUpstreams known;
  known["Group"];
  known["app.test:8080"];
  known["plain.test:80"];
  std::string storage;
  const auto find = [&](std::string_view text) {
    return find_named(known, parts_of(text), storage);
  };
  EXPECT_EQ(find("http://group/x"), &known["Group"]);
  EXPECT_EQ(find("http://group:80"), nullptr) << "a block has no port";
  EXPECT_EQ(find("http://APP.test:8080"), &known["app.test:8080"]);
  EXPECT_EQ(find("http://app.test"), nullptr);
  EXPECT_EQ(find("http://plain.test"), &known["plain.test:80"]);
  EXPECT_EQ(find("http://unix:/group"), nullptr);
}

}  // namespace
}  // namespace sluice::proxy
