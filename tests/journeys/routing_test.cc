// SPDX-License-Identifier: MIT
// Which server and which location answer, and what `return` makes of it.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"

namespace sluice::tests {
namespace {

TEST(Routing, ChoosesTheServerByItsName) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; return 200 first; }"
      "server { listen 127.0.0.1:0; server_name one.example; return 200 one; }"
      "server { listen 127.0.0.1:0; server_name *.example; return 200 any; }"
      "server { listen 127.0.0.1:0; server_name mail.*; return 200 mail; }"
      "server { listen 127.0.0.1:0; server_name ~^re\\d+$; return 200 regex; }"
      "server { listen 127.0.0.1:0 default_server; return 200 default; }"};
  const auto answer = [&](const std::string& host) {
    return proxy.get("/", "Host: " + host + "\r\n").body;
  };
  EXPECT_EQ(answer("one.example"), "one");
  EXPECT_EQ(answer("ONE.example:8080"), "one");
  EXPECT_EQ(answer("two.example"), "any");
  EXPECT_EQ(answer("mail.org"), "mail");
  EXPECT_EQ(answer("re42"), "regex");
  EXPECT_EQ(answer("elsewhere"), "default");
}

TEST(Routing, ChoosesTheServerByItsAddress) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; return 200 one; }"
      "server { listen 127.0.0.2:0; return 200 two; }"};
  EXPECT_EQ(http_get(proxy.address(0), "/").body, "one");
  EXPECT_EQ(http_get(proxy.address(1), "/").body, "two");
}

TEST(Routing, ChoosesTheLocation) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0;"
      "location / { return 200 root; }"
      "location = / { return 200 exact; }"
      "location /docs/ { return 200 prefix; }"
      "location ^~ /docs/final/ { return 200 final; }"
      "location ~ \\.png$ { return 200 image; }"
      "location ~* \\.JPG$ { return 200 photo; }"
      "location /outer/ { location /outer/inner/ { return 200 inner; } return 200 outer; } }"};
  EXPECT_EQ(proxy.get("/").body, "exact");
  EXPECT_EQ(proxy.get("/?a=b").body, "exact");
  EXPECT_EQ(proxy.get("/other").body, "root");
  EXPECT_EQ(proxy.get("/docs/a").body, "prefix");
  EXPECT_EQ(proxy.get("/docs/a.png").body, "image");
  EXPECT_EQ(proxy.get("/docs/final/a.png").body, "final");
  EXPECT_EQ(proxy.get("/a.jpg").body, "photo");
  EXPECT_EQ(proxy.get("/%64ocs/./x/../a").body, "prefix");
  EXPECT_EQ(proxy.get("//docs//a").body, "prefix");
  EXPECT_EQ(proxy.get("/outer/x").body, "outer");
  EXPECT_EQ(proxy.get("/outer/inner/x").body, "inner");
}

TEST(Return, SendsATextWithVariables) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; default_type text/plain;"
      "location / { return 200 \"$request_method $uri $args $host\\n\"; } }"};
  const HttpAnswer answer = proxy.get("/a%20b?c=d", "Host: x\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(answer.body, "GET /a b c=d x\n");
}

TEST(Return, Redirects) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0;"
      "location /moved { return 301 https://$host$request_uri; }"
      "location /here { return 302 /there; }"
      "location /url { return http://example.org/; } }"};
  const HttpAnswer moved = proxy.get("/moved?x", "Host: site\r\n");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.header("location"), "https://site/moved?x");
  EXPECT_NE(moved.body.find("301 Moved Permanently"), std::string::npos);
  const HttpAnswer here = proxy.get("/here", "Host: site\r\n");
  EXPECT_EQ(here.status, 302);
  EXPECT_EQ(here.header("location"), "http://site:" + std::to_string(proxy.port()) + "/there");
  EXPECT_EQ(proxy.get("/url").header("location"), "http://example.org/");
}

TEST(Return, SendsAStatusWithItsPageOrNone) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; location /no { return 403; } location /empty { return 204; } "
      "}"};
  const HttpAnswer forbidden = proxy.get("/no");
  EXPECT_EQ(forbidden.status, 403);
  EXPECT_NE(forbidden.body.find("<h1>403 Forbidden</h1>"), std::string::npos);
  const HttpAnswer empty = proxy.get("/empty");
  EXPECT_EQ(empty.status, 204);
  EXPECT_FALSE(empty.has("content-length"));
}

TEST(Return, With444SaysNothing) {
  const RunningProxy proxy{"server { listen 127.0.0.1:0; return 444; }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace sluice::tests
