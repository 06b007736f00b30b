// SPDX-License-Identifier: MIT
// `proxy_pass` with variables: whom it asks is known when the request is.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_dns.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

// A server with these locations, names looked up at `dns`.
std::string serve(const ScriptedDns& dns, const std::string& locations,
                  const std::string& parameters = "ipv6=off") {
  return "resolver " + dns.address() + " " + parameters + "; server { listen 127.0.0.1:0; " +
         locations + " }";
}

std::string port_text(const ScriptedPeer& peer) {
  return std::to_string(port_of(peer.address()));
}

TEST(ProxyPassWithVariables, AsksTheAddressItNames) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{serve(dns, "location / { proxy_pass http://127.0.0.1:$arg_port; }")};
  EXPECT_EQ(proxy.get("/a%20b?port=" + port_text(peer)).body, "ok");
  const PeerRequest request = peer.requests().at(0);
  EXPECT_EQ(request.target(), "/a%20b?port=" + port_text(peer)) << "the request's own URI";
  EXPECT_EQ(request.header("Host"), peer.address());
  EXPECT_TRUE(dns.questions().empty());
}

TEST(ProxyPassWithVariables, SendsItsUriAsItIs) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{serve(dns, "location /pre/ { proxy_pass http://" + peer.address() +
                                          "/x%2fy/$arg_a?z; } "
                                          "location /query { proxy_pass http://" +
                                          peer.address() +
                                          "?only=$arg_a; } "
                                          "location /whole { proxy_pass http://" +
                                          peer.address() +
                                          "$request_uri; } "
                                          "location /decoded { proxy_pass http://" +
                                          peer.address() + "$uri; }")};
  proxy.get("/pre/rest?a=b%20c/../d");
  proxy.get("/query?a=1");
  proxy.get("/whole/%41?q");
  proxy.get("/decoded/a%20b%0d%0aX:%20c");
  const auto requests = peer.wait_for_requests(4);
  EXPECT_EQ(requests[0].target(), "/x%2fy/b%20c/../d?z");
  EXPECT_EQ(requests[1].target(), "/?only=1");
  EXPECT_EQ(requests[2].target(), "/whole/%41?q");
  EXPECT_EQ(requests[3].target(), "/decoded/a%20b%0D%0AX:%20c");
}

TEST(ProxyPassWithVariables, TakesWhatARegexCaught) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{serve(
      dns, "location ~ ^/to/(?<port>[0-9]+)(/.*)$ { proxy_pass http://127.0.0.1:$port/new$2; }")};
  EXPECT_EQ(proxy.get("/to/" + port_text(peer) + "/path").body, "ok");
  EXPECT_EQ(peer.requests().at(0).target(), "/new/path");
}

TEST(ProxyPassWithVariables, MayBeAVariableWhole) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{serve(dns, "location / { proxy_pass $arg_to; }")};
  EXPECT_EQ(proxy.get("/?to=http://" + peer.address() + "/there").body, "ok");
  EXPECT_EQ(peer.requests().at(0).target(), "/there");
}

TEST(ProxyPassWithVariables, ReachesAUnixSocket) {
  const TempFolder folder;
  const std::string path = (folder.path() / "a.sock").string();
  ScriptedPeer peer{"unix:" + path, {respond(200, "ok")}};
  ScriptedDns dns;
  const RunningProxy proxy{serve(dns, "location / { proxy_pass http://unix:" +
                                          folder.path().string() + "/$arg_name.sock:/uri; }")};
  EXPECT_EQ(proxy.get("/?name=a").body, "ok");
  EXPECT_EQ(peer.requests().at(0).target(), "/uri");
  EXPECT_EQ(peer.requests().at(0).header("Host"), "localhost");
}

TEST(ProxyPassWithVariables, MayNameAnUpstream) {
  ScriptedPeer first{respond(200, "first")};
  ScriptedPeer second{respond(200, "second")};
  ScriptedDns dns;
  const RunningProxy proxy{"upstream group { server " + first.address() + "; server " +
                           second.address() + "; }" +
                           serve(dns, "location / { proxy_pass http://$arg_to; }")};
  EXPECT_EQ(proxy.get("/?to=group").body, "first");
  EXPECT_EQ(proxy.get("/?to=Group").body, "second");
  EXPECT_EQ(proxy.get("/?to=group").body, "first");
  EXPECT_EQ(second.requests().at(0).header("Host"), "Group");
  EXPECT_TRUE(dns.questions().empty());
}

TEST(ProxyPassWithVariables, MayNameAnUpstreamThatHashesAKey) {
  ScriptedPeer first{respond(200, "first")};
  ScriptedPeer second{respond(200, "second")};
  ScriptedDns dns;
  const RunningProxy proxy{"upstream group { hash $arg_key; server " + first.address() +
                           "; server " + second.address() + "; }" +
                           serve(dns, "location / { proxy_pass http://$arg_to; }")};
  std::set<std::string> bodies;
  for (int key = 0; key < 20; ++key) {
    const std::string path = "/?to=group&key=" + std::to_string(key);
    const std::string body = proxy.get(path).body;
    EXPECT_EQ(proxy.get(path).body, body);
    bodies.insert(body);
  }
  EXPECT_EQ(bodies.size(), 2u);
}

TEST(ProxyPassWithVariables, UsesTheUpstreamThatAnotherProxyPassImplies) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{
      serve(dns, "location /fixed { proxy_pass http://localhost:" + port_text(peer) +
                     "; } "
                     "location / { proxy_pass http://$arg_to; }")};
  EXPECT_EQ(proxy.get("/?to=LOCALHOST:" + port_text(peer)).body, "ok");
  EXPECT_TRUE(dns.questions().empty());
}

TEST(ProxyPassWithVariables, AsksForANameOnce) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}});
  const RunningProxy proxy{
      serve(dns, "location / { proxy_pass http://$arg_to:" + port_text(peer) + "; }")};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(proxy.get("/?to=app.test").body, "ok");
  }
  EXPECT_EQ(dns.count("app.test"), 1u);
  EXPECT_EQ(peer.requests().at(0).header("Host"), "app.test:" + port_text(peer));
  EXPECT_EQ(peer.accepted(), 1u) << "its connection is kept";
}

TEST(ProxyPassWithVariables, AsksAgainWhenTheAnswerIsNoLongerValid) {
  ScriptedPeer before{"127.0.0.1:0", {respond(200, "before")}};
  const std::string port = port_text(before);
  ScriptedPeer after{"127.0.0.2:" + port, {respond(200, "after")}};
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1", 1)}});
  const RunningProxy proxy{serve(dns, "location / { proxy_pass http://$arg_to:" + port + "; }")};
  EXPECT_EQ(proxy.get("/?to=app.test").body, "before");
  dns.say("app.test", {.records = {dns_a("127.0.0.2", 60)}});
  const Deadline deadline;
  std::string body;
  while (body != "after" && !deadline.passed()) {
    body = proxy.get("/?to=app.test").body;
  }
  EXPECT_EQ(body, "after");
}

TEST(ProxyPassWithVariables, AsksTheAddressesOfANameInTurn) {
  ScriptedPeer first{respond(200, "first")};
  ScriptedPeer second{"127.0.0.2:" + port_text(first), {respond(200, "second")}};
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1"), dns_a("127.0.0.2")}});
  const RunningProxy proxy{
      serve(dns, "location / { proxy_pass http://$arg_to:" + port_text(first) + "; }")};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(proxy.get("/?to=app.test").status, 200);
  }
  EXPECT_EQ(first.requests().size(), 2u);
  EXPECT_EQ(second.requests().size(), 2u);
}

TEST(ProxyPassWithVariables, AsksTheNextAddressWhenOneIsDead) {
  ScriptedPeer alive{respond(200, "ok")};
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.9"), dns_a("127.0.0.1")}});
  RunningProxy proxy{
      serve(dns, "location / { proxy_pass http://$arg_to:" + port_text(alive) + "; }")};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(proxy.get("/?to=app.test").body, "ok");
  }
  proxy.wait_for_log("connect() failed (111: Connection refused) while connecting to upstream");
  proxy.wait_for_log("upstream server temporarily disabled: 127.0.0.9");
}

TEST(ProxyPassWithVariables, Answers502WhenANameHasNoAddress) {
  ScriptedDns dns;
  dns.say("fails.test", {.code = 2});
  RunningProxy proxy{serve(dns, "location / { proxy_pass http://$arg_to; }")};
  EXPECT_EQ(proxy.get("/?to=gone.test").status, 502);
  proxy.wait_for_log(
      "gone.test could not be resolved (3: Host not found), client: 127.0.0.1, server: , "
      "request: \"GET /?to=gone.test HTTP/1.1\"");
  EXPECT_EQ(proxy.get("/?to=fails.test").status, 502);
  proxy.wait_for_log("fails.test could not be resolved (2: Server failure)");
}

TEST(ProxyPassWithVariables, Answers502WhenNoNameServerAnswersInTime) {
  ScriptedDns dns;
  dns.say("silent.test", {.silent = true});
  RunningProxy proxy{
      serve(dns, "resolver_timeout 50ms; location / { proxy_pass http://$arg_to; }")};
  EXPECT_EQ(proxy.get("/?to=silent.test").status, 502);
  proxy.wait_for_log("silent.test could not be resolved (110: Operation timed out)");
}

TEST(ProxyPassWithVariables, Answers500WhenItsTextMakesNoSense) {
  ScriptedDns dns;
  RunningProxy proxy{serve(dns,
                           "location /port { proxy_pass http://127.0.0.1:$arg_p/x; } "
                           "location /whole { proxy_pass $arg_to; }")};
  EXPECT_EQ(proxy.get("/port?p=99999").status, 500);
  proxy.wait_for_log("invalid port in upstream \"127.0.0.1:99999/x\", client: 127.0.0.1");
  EXPECT_EQ(proxy.get("/whole?to=ftp://a").status, 500);
  proxy.wait_for_log("invalid URL prefix in \"ftp://a\"");
  EXPECT_EQ(proxy.get("/whole?to=http://:1").status, 500);
  proxy.wait_for_log("no host in upstream \":1\"");
  EXPECT_EQ(proxy.get("/whole?to=https://a").status, 500);
  proxy.wait_for_log("https protocol is not supported by sluice yet");
}

TEST(ProxyPassWithVariables, WorksWithTheSystemsNamesWithoutAResolver) {
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://$arg_to:" +
                           port_text(peer) + "; } }"};
  EXPECT_EQ(proxy.get("/?to=localhost").body, "ok");
}

TEST(ProxyPassWithVariables, CallsOffTheWaitOfAClientThatLeaves) {
  ScriptedDns dns;
  dns.say("silent.test", {.silent = true});
  RunningProxy proxy{serve(dns, "location / { proxy_pass http://$arg_to; }")};
  HttpClient client = proxy.client();
  client.send("GET /?to=silent.test HTTP/1.1\r\nHost: a\r\n\r\n");
  dns.wait_for("silent.test", 1);
  client.close();
  EXPECT_EQ(proxy.quit(), 0) << "nobody is waited for";
}

TEST(ProxyPassWithVariables, EndsAtOnceWhileNamesAreAskedFor) {
  ScriptedDns dns;
  dns.say("silent.test", {.silent = true});
  RunningProxy proxy{serve(dns, "location / { proxy_pass http://$arg_to; }")};
  HttpClient client = proxy.client();
  client.send("GET /?to=silent.test HTTP/1.1\r\nHost: a\r\n\r\n");
  dns.wait_for("silent.test", 1);
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
}

TEST(ProxyPassWithVariables, GoesOnThroughAReloadWhileANameIsAskedFor) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}, .held = true});
  const std::string configuration =
      serve(dns, "location / { proxy_pass http://$arg_to:" + port_text(peer) + "; }");
  RunningProxy proxy{configuration, {.main = "worker_processes 1;"}};
  HttpClient client = proxy.client();
  client.send("GET /?to=app.test HTTP/1.1\r\nHost: a\r\n\r\n");
  dns.wait_for("app.test", 1);
  for (int i = 0; i < 2; ++i) {
    const std::size_t before = proxy.stderr_lines().size();
    proxy.signal(SIGHUP);
    proxy.wait_for_log("reconfigured", before);
  }
  dns.release();
  EXPECT_EQ(client.read_answer().body, "ok");
  EXPECT_EQ(proxy.get("/?to=app.test").body, "ok");
  EXPECT_EQ(dns.count("app.test"), 2u) << "a reload forgets what was resolved";
}

TEST(NameInAnUpstream, JoinsWhenItResolves) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  dns.say("late.invalid", {.code = 2});
  RunningProxy proxy{"resolver " + dns.address() +
                     "; upstream group { server late.invalid:" + port_text(peer) +
                     "; } server { listen 127.0.0.1:0; location / { proxy_pass http://group; } }"};
  EXPECT_EQ(proxy.get("/").status, 502);
  dns.wait_for("late.invalid", 1);
  dns.say("late.invalid", {.records = {dns_a("127.0.0.1")}});
  proxy.wait_for_log("host \"late.invalid:" + port_text(peer) +
                     "\" of upstream \"group\" resolved now");
  EXPECT_EQ(proxy.get("/").body, "ok");
}

TEST(NameInAnUpstream, IsAskedForAfterAReloadToo) {
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 204; }"};
  proxy.reconfigure("resolver " + dns.address() +
                    "; upstream group { server late.invalid:" + port_text(peer) +
                    "; } server { listen 127.0.0.1:0; location / { proxy_pass http://group; } }");
  dns.say("late.invalid", {.records = {dns_a("127.0.0.1")}});
  proxy.signal(SIGHUP);
  proxy.wait_for_log("resolved now");
  EXPECT_EQ(proxy.get("/").body, "ok");
}

TEST(ProxyPassWithVariables, DoesNotGrowWithTheNamesClientsChoose) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
  ScriptedPeer peer{respond(200, "ok")};
  ScriptedDns dns;
  const RunningProxy proxy{
      serve(dns, "keepalive_requests 100000; location / { proxy_pass http://$arg_to:" +
                     port_text(peer) + "; }"),
      {.main = "worker_processes 1;"}};
  HttpClient client = proxy.client();
  const auto ask = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string address =
          "127." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1";
      client.get("/?to=" + address);
    }
  };
  ask(0, 1500);
  const long before = proxy.resident_kib();
  ask(1500, 6000);
  EXPECT_LT(proxy.resident_kib() - before, 1024);
}

}  // namespace
}  // namespace sluice::tests
