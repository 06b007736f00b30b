// SPDX-License-Identifier: MIT
// A file of http-level blocks only, a tornado.conf, is accepted as it is.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

constexpr std::string_view kTornado =
    "upstream mytornado {\n"
    "    server 127.0.0.1:8000;\n"
    "    server 127.0.0.1:8001;\n"
    "}\n"
    "server {\n"
    "    listen 80;\n"
    "    location / {\n"
    "        proxy_pass http://mytornado;\n"
    "        proxy_set_header Host $host;\n"
    "        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"
    "    }\n"
    "}\n";

TEST(BareFile, GetsItsHttpBlockFromUs) {
  const auto settings = load_text(kTornado).settings;
  EXPECT_TRUE(settings->bare);
  ASSERT_EQ(settings->http.upstreams.size(), 1U);
  EXPECT_EQ(settings->http.upstreams[0].name, "mytornado");
  EXPECT_EQ(settings->http.upstreams[0].servers[1].address, "127.0.0.1:8001");
  ASSERT_EQ(settings->http.servers.size(), 1U);
  const ServerBlock& server = settings->http.servers[0];
  EXPECT_EQ(server.listens[0].address, "0.0.0.0:80");
  EXPECT_EQ(server.locations[0].content.proxy_pass->value, "http://mytornado");
  EXPECT_EQ(server.locations[0].settings.proxy.set_headers[1].value.value,
            "$proxy_add_x_forwarded_for");
}

TEST(BareFile, RunsInTheForegroundOnEveryCoreAndLogsToTheTerminal) {
  const auto settings = load_text(kTornado).settings;
  EXPECT_FALSE(settings->main.daemon);
  EXPECT_EQ(settings->main.worker_processes, 0U);
  const LogSettings& log = settings->http.servers[0].settings.log;
  EXPECT_EQ(log.access_logs.at(0).path, "/dev/stdout");
  EXPECT_EQ(log.error_logs.at(0).path, "stderr");
  EXPECT_EQ(settings->main.error_logs.at(0).path, "stderr");
}

TEST(BareFile, MayHoldUpstreamsOnly) {
  const char* const files[] = {
      "upstream backserver { server 192.168.0.14; server 192.168.0.15; }",
      "upstream backserver { server 192.168.0.14 weight=3; server 192.168.0.15 weight=7; }",
      "upstream backserver { ip_hash; server 192.168.0.14:88; server 192.168.0.15:80; }",
      "upstream backserver { server server1; server server2; fair; }",
      "upstream backserver { server squid1; server squid2; hash $request_uri; hash_method crc32; }",
  };
  for (const char* const file : files) {
    const auto settings = load_text(file).settings;
    EXPECT_TRUE(settings->bare) << file;
    EXPECT_EQ(settings->http.upstreams.at(0).servers.size(), 2U) << file;
  }
}

TEST(BareFile, TakesGlobalDirectivesFromTheCommandLine) {
  const auto settings =
      load_text(kTornado, "daemon off; worker_processes 3; error_log /e;").settings;
  EXPECT_TRUE(settings->bare);
  EXPECT_FALSE(settings->main.daemon);
  EXPECT_EQ(settings->main.worker_processes, 3U);
  EXPECT_EQ(settings->main.error_logs.at(0).path, "/e");
}

TEST(BareFile, IsNoneWhenItSaysAnythingOfTheMainContext) {
  EXPECT_STREQ(error_of("user www; server { }").what(), "\"server\" directive is not allowed here");
  EXPECT_STREQ(error_of("error_log stderr;").what(), "no \"events\" section in configuration");
  EXPECT_FALSE(load_text("events { }").settings->bare);
}

TEST(BareFile, StillGetsTheNearestNameForATypo) {
  const ConfigError error = error_of("upstrem a { server b; }\nserver { }");
  EXPECT_STREQ(error.what(), "unknown directive \"upstrem\"");
  EXPECT_EQ(error.advice(), "did you mean \"upstream\"?");
  EXPECT_EQ(error.position().line, 1U);
}

TEST(GlobalDirectives, AreReadBeforeTheFileAndNamedInErrors) {
  const ConfigError typo = error_of("events { }", "worker_proceses 2;");
  EXPECT_EQ(one_line(typo.position(), typo.what()),
            "unknown directive \"worker_proceses\" in command line");
  EXPECT_STREQ(error_of("events { }", "daemon off").what(),
               "unexpected end of parameter, expecting \";\"");
  const ConfigError twice = error_of("events { }\ndaemon on;", "daemon off;");
  EXPECT_STREQ(twice.what(), "\"daemon\" directive is duplicate");
  EXPECT_EQ(twice.position().line, 2U);
}

}  // namespace
}  // namespace sluice::confparse
