// SPDX-License-Identifier: MIT
// What is odd but does not stop the start.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

std::vector<std::string> warnings_of(std::string_view text) {
  std::vector<std::string> messages;
  for (const Warning& warning : load_text(text).warnings) {
    messages.push_back(warning.message);
  }
  return messages;
}

using Messages = std::vector<std::string>;

TEST(Warnings, AreNotGivenForAnOrdinaryFile) {
  EXPECT_EQ(warnings_of("server { listen 80; sendfile on; gzip off; location / { return 204; } }"),
            Messages{});
}

TEST(Warnings, SayWhatHasNoEffectYet) {
  EXPECT_EQ(warnings_of("server { }\ngzip on; ssl_protocols TLSv1.2;"),
            (Messages{"\"gzip\" is not supported yet and has no effect",
                      "\"ssl_protocols\" is not supported yet and has no effect"}));
  EXPECT_EQ(warnings_of("load_module a.so; events { }"), Messages{"\"load_module\" has no effect"});
}

TEST(Warnings, NameAServerThatCanNeverBeReached) {
  EXPECT_EQ(warnings_of("server { server_name a b; } server { server_name B c; }"),
            Messages{"conflicting server name \"b\" on 0.0.0.0:80, ignored"});
  EXPECT_EQ(warnings_of("server { server_name .a; } server { server_name *.a; }"),
            Messages{"conflicting server name \"*.a\" on 0.0.0.0:80, ignored"});
  EXPECT_EQ(warnings_of("server { } server { }"),
            Messages{"conflicting server name \"\" on 0.0.0.0:80, ignored"});
}

TEST(Warnings, DoNotMindNamesOnOtherAddressesOrWithinOneServer) {
  EXPECT_EQ(
      warnings_of("server { listen 80; server_name a a; } server { listen 81; server_name a; }"),
      Messages{});
}

TEST(Warnings, TellThatTheLastStrategyIsUsed) {
  const auto loaded = load_http("upstream u { ip_hash; server a; least_conn; }");
  EXPECT_EQ(loaded.settings->http.upstreams[0].method, "least_conn");
  ASSERT_EQ(loaded.warnings.size(), 1U);
  EXPECT_EQ(loaded.warnings[0].message, "load balancing method redefined");
  EXPECT_EQ(loaded.warnings[0].position.column, 51U);
}

// Each as the running nginx answers it.
TEST(Warnings, TellThatAMethodStandsBehindKeepaliveAsInNginx) {
  const auto count = [](const std::string& lines) {
    return warnings_of("upstream u { server a; " + lines + " }");
  };
  const std::string redefined = "load balancing method redefined";
  EXPECT_EQ(count("keepalive 8; ip_hash;"), Messages{redefined});
  EXPECT_EQ(count("keepalive 8; least_conn;"), Messages{redefined});
  EXPECT_EQ(count("keepalive 8; hash $uri consistent;"), Messages{redefined});
  EXPECT_EQ(count("ip_hash; keepalive 8; least_conn;"), Messages{redefined});
  EXPECT_EQ(count("keepalive 8; ip_hash; least_conn;"), (Messages{redefined, redefined}));
  EXPECT_EQ(count("ip_hash; keepalive 8;"), Messages{});
  EXPECT_EQ(count("keepalive 8; fair;"), Messages{});
  EXPECT_EQ(count("keepalive_requests 8; zone a 64k; ip_hash;"), Messages{});
}

TEST(Warnings, PointOutSmallMistakes) {
  EXPECT_EQ(
      warnings_of("server { types { a b; c b; } }"),
      Messages{"duplicate extension \"b\", content type: \"c\", previous content type: \"a\""});
  EXPECT_EQ(warnings_of("server { index /a b; }"),
            Messages{"only the last index in \"index\" directive should be absolute"});
  EXPECT_EQ(warnings_of("server { server_name a/b; }"),
            Messages{"server name \"a/b\" has suspicious symbols"});
  EXPECT_EQ(warnings_of("server { proxy_next_upstream error error; }"),
            Messages{"duplicate value \"error\""});
  EXPECT_EQ(warnings_of("server { error_log off; }"),
            Messages{"\"error_log off\" writes to a file named \"off\""});
  EXPECT_EQ(warnings_of("server { location ~ a { } location ~ a { } }"),
            Messages{"duplicate location \"a\""});
}

}  // namespace
}  // namespace sluice::confparse
