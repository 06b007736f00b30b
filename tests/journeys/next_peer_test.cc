// SPDX-License-Identifier: MIT
// A peer fails: who is asked next, and when is it asked again?
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const std::vector<std::string>& servers, const std::string& lines = "") {
  std::string text = "upstream group {";
  for (const std::string& server : servers) {
    text += " server " + server + ";";
  }
  return text + " } server { listen 127.0.0.1:0; location / { proxy_pass http://group; " + lines +
         " } }";
}

TEST(NextPeer, IsAskedWhenTheFirstRefusesTheConnection) {
  ScriptedPeer healthy{respond(200, "ok")};
  RunningProxy proxy{proxy_to({closed_port(), healthy.address()})};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(proxy.get("/").body, "ok");
  }
  proxy.wait_for_log("connect() failed (111: Connection refused) while connecting to upstream");
  proxy.wait_for_log(
      " of \"group\" for 10s, after 1 failure: connect() failed (111: Connection refused)");
}

TEST(NextPeer, IsAskedWhenTheFirstClosesWithoutAnAnswer) {
  ScriptedPeer broken{close_after_request()};
  ScriptedPeer healthy{respond(200, "ok")};
  RunningProxy proxy{proxy_to({broken.address(), healthy.address()})};
  EXPECT_EQ(proxy.get("/").body, "ok");
  EXPECT_EQ(broken.requests().size(), 1u);
  proxy.wait_for_log("upstream prematurely closed connection while reading response header");
}

TEST(NextPeer, IsAskedWhenTheFirstIsTooSlow) {
  ScriptedPeer slow{hang()};
  ScriptedPeer healthy{respond(200, "ok")};
  RunningProxy proxy{proxy_to({slow.address(), healthy.address()}, "proxy_read_timeout 100ms;")};
  EXPECT_EQ(proxy.get("/").body, "ok");
  proxy.wait_for_log("upstream timed out (110: Connection timed out)");
}

TEST(NextPeer, IsNotAskedForAnInvalidAnswerUnlessConfigured) {
  ScriptedPeer garbage{raw_then_close("this is not HTTP\r\n\r\n")};
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy usual{proxy_to({garbage.address(), healthy.address()})};
  EXPECT_EQ(usual.get("/").status, 502);
  const RunningProxy wanted{
      proxy_to({garbage.address(), healthy.address()}, "proxy_next_upstream invalid_header;")};
  EXPECT_EQ(wanted.get("/").body, "ok");
}

TEST(NextPeer, IsAskedForAStatusThatIsListed) {
  ScriptedPeer busy{respond(503, "busy")};
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy usual{proxy_to({busy.address(), healthy.address()})};
  EXPECT_EQ(usual.get("/").status, 503);
  const RunningProxy wanted{
      proxy_to({busy.address(), healthy.address()}, "proxy_next_upstream error http_503;")};
  EXPECT_EQ(wanted.get("/").body, "ok");
}

TEST(NextPeer, PassesTheLastListedStatusOnWhenNobodyIsLeft) {
  ScriptedPeer first{respond(503, "busy")};
  ScriptedPeer second{respond(503, "busy too")};
  const RunningProxy proxy{
      proxy_to({first.address(), second.address()}, "proxy_next_upstream error http_503;")};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "busy too");
}

TEST(NextPeer, IsNotAskedForAPostThatWasSent) {
  ScriptedPeer broken{close_after_request()};
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy usual{proxy_to({broken.address(), healthy.address()})};
  HttpClient client = usual.client();
  EXPECT_EQ(client.request("POST", "/", "", "order").status, 502);
  const RunningProxy wanted{
      proxy_to({broken.address(), healthy.address()}, "proxy_next_upstream error non_idempotent;")};
  HttpClient other = wanted.client();
  EXPECT_EQ(other.request("POST", "/", "", "order").body, "ok");
  EXPECT_EQ(healthy.requests().back().body, "order");
}

TEST(NextPeer, IsAskedForAPostThatWasNotSent) {
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy proxy{proxy_to({closed_port(), healthy.address()})};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/", "", "order").body, "ok");
  EXPECT_EQ(healthy.requests().at(0).body, "order");
}

TEST(NextPeer, IsAskedNoMoreThanTheConfiguredTries) {
  ScriptedPeer healthy{respond(200, "ok")};
  const RunningProxy proxy{
      proxy_to({closed_port(), closed_port(), healthy.address()}, "proxy_next_upstream_tries 2;")};
  EXPECT_EQ(proxy.get("/").status, 502);
}

TEST(NextPeer, IsNobodyWhenAllRest) {
  RunningProxy proxy{proxy_to({closed_port(), closed_port()})};
  EXPECT_EQ(proxy.get("/").status, 502);
  EXPECT_EQ(proxy.get("/").status, 502);
  proxy.wait_for_log("no live upstreams while connecting to upstream");
}

TEST(NextPeer, IsTheFailedOneAgainOnceItHasRested) {
  ScriptedPeer recovering{close_after_request(), respond(200, "back")};
  ScriptedPeer healthy{respond(200, "ok")};
  RunningProxy proxy{proxy_to({recovering.address() + " fail_timeout=1s", healthy.address()})};
  EXPECT_EQ(proxy.get("/").body, "ok");
  const Deadline deadline;
  std::string body;
  while (body != "back" && !deadline.passed()) {
    body = proxy.get("/").body;
  }
  EXPECT_EQ(body, "back");
  const auto line = proxy.wait_for_log("upstream server is back: " + recovering.address() +
                                       " of \"group\", disabled since 20");
  EXPECT_NE(line.value_or("").find("[notice]"), std::string::npos);
  EXPECT_TRUE(proxy.wait_for_log("upstream server temporarily disabled: " + recovering.address() +
                                 " of \"group\" for 1s, after 1 failure: upstream prematurely "
                                 "closed connection"));
}

TEST(NextPeer, StaysTheOtherThroughAReload) {
  ScriptedPeer healthy{respond(200, "ok")};
  ScriptedPeer broken{close_after_request(), respond(200, "back")};
  const std::string configuration = proxy_to({broken.address(), healthy.address()});
  RunningProxy proxy{configuration};
  EXPECT_EQ(proxy.get("/").body, "ok");
  proxy.reconfigure(configuration);
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(proxy.get("/").body, "ok");  // the first still rests
  }
  EXPECT_EQ(broken.requests().size(), 1u);
  // One more server: the first is known still.
  ScriptedPeer added{respond(200, "ok")};
  proxy.reconfigure(proxy_to({broken.address(), healthy.address(), added.address()}));
  proxy.signal(SIGHUP);
  const Deadline deadline;
  while (added.requests().empty() && !deadline.passed()) {
    EXPECT_EQ(proxy.get("/").body, "ok");
  }
  EXPECT_EQ(added.requests().size(), 1u);
  EXPECT_EQ(broken.requests().size(), 1u);
}

TEST(NextPeer, IsNotNeededForAKeptConnectionThatThePeerHadClosed) {
  // The peer answers once on each connection, then closes it without a word.
  ScriptedPeer peer{respond_then_close(200, "ok")};
  ScriptedPeer other{respond(200, "other")};
  const RunningProxy proxy{
      proxy_to({peer.address() + " max_fails=1", other.address() + " backup"})};
  HttpClient client = proxy.client();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.get("/").body, "ok");
  }
  EXPECT_EQ(other.requests().size(), 0u);
}

TEST(NextPeer, IsABackupOnlyWhenNoPrimaryMayBeAsked) {
  ScriptedPeer backup{respond(200, "backup")};
  ScriptedPeer primary{respond(200, "primary"), close_after_request()};
  const RunningProxy proxy{proxy_to({primary.address(), backup.address() + " backup"})};
  EXPECT_EQ(proxy.get("/").body, "primary");
  EXPECT_EQ(proxy.get("/").body, "backup");
  EXPECT_EQ(proxy.get("/").body, "backup");
}

}  // namespace
}  // namespace sluice::tests
