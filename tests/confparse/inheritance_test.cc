// SPDX-License-Identifier: MIT
// What an inner block gets from the outer one, and what it does not.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> names_of(const std::vector<ProxyHeader>& headers) {
  std::vector<std::string> names;
  for (const ProxyHeader& header : headers) {
    names.push_back(header.name);
  }
  return names;
}

TEST(Inheritance, GoesFromHttpToServerToLocationToItsInnerLocations) {
  const auto loaded = load_http(
      "proxy_read_timeout 1s; proxy_send_timeout 1s; root /http; "
      "server { proxy_send_timeout 2s; "
      "  location /a { proxy_connect_timeout 3s; location /a/b { root /inner; } } }");
  const LocationBlock& outer = loaded.settings->http.servers[0].locations[0];
  const LocationBlock& inner = outer.locations[0];
  EXPECT_EQ(inner.settings.proxy.read_timeout, 1s);
  EXPECT_EQ(inner.settings.proxy.send_timeout, 2s);
  EXPECT_EQ(inner.settings.proxy.connect_timeout, 3s);
  EXPECT_EQ(inner.settings.core.root, "/inner");
  EXPECT_EQ(outer.settings.core.root, "/http");
}

TEST(Inheritance, DoesNotDependOnTheOrderOfLinesInABlock) {
  const auto loaded = load_http(
      "server { location /a { } keepalive_timeout 9s; merge_slashes off; } "
      "keepalive_requests 7; underscores_in_headers on;");
  const ServerBlock& server = loaded.settings->http.servers[0];
  EXPECT_EQ(server.locations[0].settings.core.keepalive_timeout, 9s);
  EXPECT_EQ(server.locations[0].settings.core.keepalive_requests, 7U);
  EXPECT_TRUE(server.connection.underscores_in_headers);
  EXPECT_FALSE(server.connection.merge_slashes);
}

TEST(Inheritance, DoesNotLeakFromOneBlockIntoItsNeighbour) {
  const auto loaded = load_http(
      "server { location /a { tcp_nodelay off; } location /b { } server_name a; } "
      "server { server_name b; client_header_timeout 1s; } server { server_name c; }");
  const auto& servers = loaded.settings->http.servers;
  EXPECT_FALSE(servers[0].locations[0].settings.core.tcp_nodelay);
  EXPECT_TRUE(servers[0].locations[1].settings.core.tcp_nodelay);
  EXPECT_TRUE(servers[0].settings.core.tcp_nodelay);
  EXPECT_EQ(servers[2].connection.client_header_timeout, 60s);
}

TEST(Inheritance, ReplacesAWholeListAtItsFirstUseInABlock) {
  const ServerBlock server = load_server(
      "proxy_set_header A 1; proxy_set_header B 2; "
      "location /same { } location /own { proxy_set_header C 3; proxy_set_header D 4; }");
  EXPECT_EQ(names_of(server.locations[0].settings.proxy.set_headers),
            (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(names_of(server.locations[1].settings.proxy.set_headers),
            (std::vector<std::string>{"C", "D"}));
}

TEST(Inheritance, ReplacesTheIndexButCollectsItsLines) {
  const ServerBlock server = load_server("index a; location / { index b c; index d; }");
  EXPECT_EQ(server.locations[0].settings.core.index, (std::vector<std::string>{"b", "c", "d"}));
}

TEST(Inheritance, ReplacesTheTypesButCollectsTheirBlocks) {
  const ServerBlock server = load_server(
      "types { text/html html; } "
      "location / { types { text/css CSS; } types { text/plain txt; } } location /same { }");
  const auto& own = *server.locations[0].settings.core.types;
  EXPECT_EQ(own.size(), 2U);
  EXPECT_EQ(own.at("css"), "text/css");
  EXPECT_EQ(own.at("txt"), "text/plain");
  EXPECT_EQ(server.locations[1].settings.core.types, server.settings.core.types);
}

TEST(Inheritance, LetsABlockSwitchTheAccessLogOff) {
  const ServerBlock server =
      load_server("access_log /a; access_log /b; location /off { access_log off; } location / { }");
  EXPECT_TRUE(server.locations[0].settings.log.access_logs.empty());
  EXPECT_EQ(server.locations[1].settings.log.access_logs.size(), 2U);
}

TEST(Inheritance, HandsTheErrorLogOfTheMainContextDown) {
  const auto loaded = load_text(
      "error_log /main warn; events { } "
      "http { server { location / { } location /own { error_log /own; } } }");
  const auto& locations = loaded.settings->http.servers[0].locations;
  EXPECT_EQ(locations[0].settings.log.error_logs.at(0).path, "/main");
  EXPECT_EQ(locations[0].settings.log.error_logs.at(0).level, LogLevel::warn);
  EXPECT_EQ(locations[1].settings.log.error_logs.size(), 1U);
  EXPECT_EQ(locations[1].settings.log.error_logs.at(0).path, "/own");
}

TEST(Inheritance, DoesNotTouchContent) {
  const ServerBlock server = load_server(
      "try_files /a =404; location /a { proxy_pass http://u; location /a/b { } } "
      "location /c { return 204; location /c/d { } }");
  EXPECT_FALSE(server.locations[0].locations[0].content.proxy_pass);
  EXPECT_FALSE(server.locations[1].locations[0].content.fixed);
  EXPECT_TRUE(server.locations[0].content.try_files.empty());
  EXPECT_EQ(server.content.try_files.size(), 2U);
}

}  // namespace
}  // namespace sluice::confparse
