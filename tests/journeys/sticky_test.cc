// SPDX-License-Identifier: MIT
// A client stays with its peer: `sticky cookie`, `sticky route`, `sticky learn`.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

// Three peers that answer "A", "B" and "C".
class StickyPeers : public testing::Test {
 protected:
  [[nodiscard]] std::string upstream(const std::string& lines,
                                     const std::vector<std::string>& parameters,
                                     const std::string& location = "") const {
    const std::vector<const ScriptedPeer*> peers{&a_, &b_, &c_};
    std::string text = "upstream group { " + lines;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      text += " server " + peers.at(i)->address() + " " + parameters[i] + ";";
    }
    return text + " } server { listen 127.0.0.1:0; location / { proxy_pass http://group; " +
           location + " } }";
  }

  ScriptedPeer a_{respond(200, "A", "Set-Cookie: session=of-a; path=/\r\n")};
  ScriptedPeer b_{respond(200, "B", "Set-Cookie: session=of-b; path=/\r\n")};
  ScriptedPeer c_{respond(200, "C")};
};

// "srv=0123…" of the answer's own cookie.
std::string cookie_of(const HttpAnswer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name == "Set-Cookie" && value.starts_with("srv=")) {
      return value.substr(0, value.find(';'));
    }
  }
  return "";
}

TEST_F(StickyPeers, KeepAClientByACookie) {
  const RunningProxy proxy{upstream("sticky cookie srv;", {"", "", ""})};
  const HttpAnswer first = proxy.get("/");
  const std::string cookie = cookie_of(first);
  ASSERT_EQ(cookie.size(), 4 + 32u) << first.head;
  for (int i = 0; i < 4; ++i) {
    const HttpAnswer next = proxy.get("/", "Cookie: a=b; " + cookie + "\r\n");
    EXPECT_EQ(next.body, first.body);
    EXPECT_EQ(cookie_of(next), cookie);
  }
  std::string others;  // they take turns
  for (int i = 0; i < 3; ++i) {
    others += proxy.get("/").body;
  }
  EXPECT_EQ(others, "BCA");
}

TEST_F(StickyPeers, AreNamedByTheirRoutes) {
  const RunningProxy proxy{
      upstream("sticky cookie srv;", {"route=one", "route=two", "route=three"})};
  EXPECT_EQ(cookie_of(proxy.get("/")), "srv=one");
  EXPECT_EQ(proxy.get("/", "Cookie: srv=three\r\n").body, "C");
  EXPECT_EQ(proxy.get("/", "Cookie: srv=three\r\n").body, "C");
  EXPECT_EQ(proxy.get("/", "Cookie: srv=nobody\r\n").body, "B");
}

TEST_F(StickyPeers, SendTheCookieWithItsAttributes) {
  const RunningProxy proxy{
      upstream("sticky cookie srv expires=max domain=.$host httponly secure samesite=lax path=/a;",
               {"route=one"})};
  EXPECT_NE(proxy.get("/", "Host: example.com\r\n")
                .head.find("\r\nSet-Cookie: srv=one; expires=Thu, 31-Dec-37 23:55:55 GMT; "
                           "max-age=315360000; domain=.example.com; httponly; secure; "
                           "samesite=lax; path=/a\r\n"),
            std::string::npos)
      << proxy.get("/").head;
}

TEST_F(StickyPeers, SendNoDomainThatWouldBeMoreThanADomain) {
  const RunningProxy proxy{upstream("sticky cookie srv domain=$http_x_domain;", {"route=one"})};
  EXPECT_NE(proxy.get("/", "X-Domain: a.example\r\n")
                .head.find("Set-Cookie: srv=one; domain=a.example\r\n"),
            std::string::npos);
  for (const std::string domain : {"a.example; path=/admin", "a, b=c", "a b", "\"a\""}) {
    const std::string head = proxy.get("/", "X-Domain: " + domain + "\r\n").head;
    EXPECT_NE(head.find("Set-Cookie: srv=one\r\n"), std::string::npos) << head;
  }
}

TEST_F(StickyPeers, SendWhenTheCookieExpires) {
  const RunningProxy proxy{upstream("sticky cookie srv expires=1h;", {"route=one"})};
  const std::string head = proxy.get("/").head;
  EXPECT_NE(head.find("Set-Cookie: srv=one; expires="), std::string::npos) << head;
  EXPECT_NE(head.find(" GMT; max-age=3600\r\n"), std::string::npos) << head;
}

TEST_F(StickyPeers, AreReplacedWhenTheyFailAndTheClientLearnsIt) {
  ScriptedPeer broken{close_after_request()};
  const RunningProxy proxy{"upstream group { sticky cookie srv; server " + broken.address() +
                           " route=one; server " + b_.address() +
                           " route=two; } server { listen 127.0.0.1:0; location / { proxy_pass "
                           "http://group; } }"};
  const HttpAnswer answer = proxy.get("/", "Cookie: srv=one\r\n");
  EXPECT_EQ(answer.body, "B");
  EXPECT_EQ(cookie_of(answer), "srv=two");
  EXPECT_EQ(broken.requests().size(), 1u);
}

TEST_F(StickyPeers, AreNamedByARequestsRoute) {
  const RunningProxy proxy{
      upstream("sticky route $cookie_to $arg_to;", {"route=one", "route=two", "route=three"})};
  EXPECT_EQ(proxy.get("/?to=three").body, "C");
  EXPECT_EQ(proxy.get("/?to=three", "Cookie: to=two\r\n").body, "B");
  const HttpAnswer free = proxy.get("/");
  EXPECT_EQ(free.body, "A");
  EXPECT_EQ(cookie_of(free), "");
}

TEST_F(StickyPeers, LearnWhoseSessionIsWhose) {
  for (const char* when : {"", " header"}) {
    const RunningProxy proxy{
        upstream("sticky learn create=$upstream_cookie_session lookup=$cookie_session "
                 "zone=sessions:64k" +
                     std::string(when) + ";",
                 {"", "", ""})};
    EXPECT_EQ(proxy.get("/").body, "A");
    EXPECT_EQ(proxy.get("/").body, "B");
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(proxy.get("/", "Cookie: session=of-a\r\n").body, "A");
      EXPECT_EQ(proxy.get("/", "Cookie: session=of-b\r\n").body, "B");
    }
    EXPECT_EQ(proxy.get("/", "Cookie: session=unknown\r\n").body, "C");
  }
}

TEST_F(StickyPeers, KeepTheirClientsWhileTheyAreDrained) {
  const RunningProxy proxy{upstream("sticky cookie srv;", {"", "route=old drain", ""})};
  EXPECT_EQ(proxy.get("/").body, "A");
  EXPECT_EQ(proxy.get("/").body, "C");
  EXPECT_EQ(proxy.get("/").body, "A");
  EXPECT_EQ(proxy.get("/", "Cookie: srv=old\r\n").body, "B");
}

TEST_F(StickyPeers, KeepTheirSessionsThroughAReload) {
  const std::string configuration = upstream(
      "sticky learn create=$upstream_cookie_session lookup=$cookie_session zone=sessions:64k;",
      {"", "", ""});
  RunningProxy proxy{configuration};
  EXPECT_EQ(proxy.get("/").body, "A");
  proxy.reconfigure(configuration);
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(proxy.get("/", "Cookie: session=of-a\r\n").body, "A");
  }
}

TEST_F(StickyPeers, BindAClientThatIsSentElsewhereByThem) {
  ScriptedPeer redirecting{respond(200, "", "X-Accel-Redirect: /inside\r\n")};
  const RunningProxy proxy{"upstream group { sticky cookie srv; server " + redirecting.address() +
                           " route=one; } server { listen 127.0.0.1:0; location / { proxy_pass "
                           "http://group; } location /inside { return 200 inside; } }"};
  const HttpAnswer answer = proxy.get("/");
  EXPECT_EQ(answer.body, "inside");
  EXPECT_EQ(cookie_of(answer), "srv=one");
}

}  // namespace
}  // namespace sluice::tests
