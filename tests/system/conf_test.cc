// SPDX-License-Identifier: MIT
// Every file of conf/ loads as it stands, and those of the five strategies do what they promise.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/system/conf_files.h"

namespace sluice::tests {
namespace {

// Two servers named "a" and "b" behind a file of conf/balancing.
class Balancing : public testing::Test {
 protected:
  RunningProxy start(const std::string& name) {
    return RunningProxy{conf_for("conf/balancing/" + name, a_.address(), b_.address())};
  }
  static std::string who(HttpClient& client, const std::string& path = "/") {
    return client.get(path).header("X-Backend");
  }

  RunningBackend a_{{"--name", "a"}};
  RunningBackend b_{{"--name", "b"}};
};

TEST_F(Balancing, RoundRobinTakesTurns) {
  const RunningProxy proxy = start("round-robin.conf");
  HttpClient client = proxy.client();
  std::string order;
  for (int i = 0; i < 6; ++i) order += who(client);
  EXPECT_EQ(order, "ababab");
}

TEST_F(Balancing, WeightGivesThreeOfTenAndSevenOfTen) {
  const RunningProxy proxy = start("weight.conf");
  HttpClient client = proxy.client();
  std::map<std::string, int> answers;
  for (int i = 0; i < 20; ++i) ++answers[who(client)];
  EXPECT_EQ(answers, (std::map<std::string, int>{{"a", 6}, {"b", 14}}));
}

TEST_F(Balancing, IpHashKeepsAClientWithOnePeer) {
  const RunningProxy proxy = start("ip-hash.conf");
  std::set<std::string> seen;
  for (int i = 0; i < 6; ++i) seen.insert(proxy.get("/").header("X-Backend"));
  EXPECT_EQ(seen.size(), 1u);
}

TEST_F(Balancing, FairAsksBothPeersWhenTheyAreEquallyFast) {
  const RunningProxy proxy = start("fair.conf");
  HttpClient client = proxy.client();
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(who(client));
  EXPECT_EQ(seen, (std::set<std::string>{"a", "b"}));
}

TEST_F(Balancing, LeastTimeAsksBothPeersWhenTheyAreEquallyFast) {
  const RunningProxy proxy = start("least-time.conf");
  HttpClient client = proxy.client();
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(who(client));
  EXPECT_EQ(seen, (std::set<std::string>{"a", "b"}));
}

TEST_F(Balancing, StickyKeepsAClientThatReturnsItsCookie) {
  const RunningProxy proxy = start("sticky.conf");
  const HttpAnswer first = proxy.get("/");
  const std::string cookie = first.header("Set-Cookie");
  for (int i = 0; i < 4; ++i) {
    const HttpAnswer next =
        proxy.get("/", "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n");
    EXPECT_EQ(next.header("X-Backend"), first.header("X-Backend"));
  }
}

TEST_F(Balancing, UrlHashKeepsAUrlWithOnePeerAndSpreadsTheUrls) {
  const RunningProxy proxy = start("url-hash.conf");
  HttpClient client = proxy.client();
  std::set<std::string> seen;
  for (int i = 0; i < 32; ++i) {
    const std::string path = "/?page=" + std::to_string(i);
    const std::string first = who(client, path);
    EXPECT_EQ(who(client, path), first);
    seen.insert(first);
  }
  EXPECT_EQ(seen.size(), 2u);
}

// Names that do not resolve warn, and leave the peer out until they do.
TEST(TheArticlesUpstreams, LoadAsTheyStand) {
  for (const char* name : {"1-round-robin", "2-weight", "3-ip-hash", "4-fair", "5-url-hash"}) {
    SCOPED_TRACE(name);
    const RunningProxy proxy{
        source_file("conf/balancing/article/" + std::string(name) + ".conf") +
        "server { listen 127.0.0.1:0; location / { proxy_pass http://backserver; }"
        " location = /here { return 200 here; } }"};
    EXPECT_EQ(proxy.get("/here").body, "here");
  }
}

}  // namespace
}  // namespace sluice::tests
