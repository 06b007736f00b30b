// SPDX-License-Identifier: MIT
// `map` wherever a text may have variables.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

TEST(Map, MakesTheConnectionHeaderOfWebSockets) {
  ScriptedPeer peer{respond(200), respond(200)};
  const RunningProxy proxy{
      "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"
      "server { listen 127.0.0.1:0; location / { proxy_pass http://" +
      peer.address() +
      "; proxy_set_header Upgrade $http_upgrade;"
      "proxy_set_header Connection $connection_upgrade; } }"};
  proxy.get("/", "Upgrade: websocket\r\n");
  proxy.get("/");
  const auto requests = peer.wait_for_requests(2);
  EXPECT_EQ(requests[0].header("Connection"), "upgrade");
  EXPECT_EQ(requests[1].header("Connection"), "close");
}

TEST(Map, AnswersWithItsValueAndKeepsTheGroupsOfTheLocation) {
  const RunningProxy proxy{
      "map $uri $language { ~^/(?<code>en|de)/ \"is $1\"; default unknown; }"
      "server { listen 127.0.0.1:0; location ~ ^/(.*)$ { return 200 \"$language [$code] $1\"; } }"};
  EXPECT_EQ(proxy.get("/en/a").body, "is en [en] en/a");
  EXPECT_EQ(proxy.get("/fr/a").body, "unknown [] fr/a");
}

TEST(Map, ForgetsBetweenRequestsOfAConnection) {
  const RunningProxy proxy{
      "map $arg_a $a { 1 one; 2 two; default none; }"
      "server { listen 127.0.0.1:0; return 200 $a; }"};
  HttpClient client = proxy.client();
  for (const auto& [query, value] : {std::pair{"?a=1", "one"}, {"?a=2", "two"}, {"", "none"}}) {
    client.send("GET /" + std::string(query) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_answer().body, value);
  }
}

TEST(Map, MayGrowInAReload) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 $host; }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "a");
  proxy.reconfigure(
      "map $host $b { a 1; } map $b $c { 1 2; }"
      "server { listen 127.0.0.1:0; return 200 $b$c; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "12");
}

}  // namespace
}  // namespace sluice::tests
