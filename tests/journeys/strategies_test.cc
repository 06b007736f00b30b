// SPDX-License-Identifier: MIT
// The five strategies as a user of the proxy sees them: who answers.
#include <algorithm>
#include <csignal>
#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/balancers/golden.h"
#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

// Three peers that answer "A", "B" and "C".
class Strategies : public testing::Test {
 protected:
  // An upstream of the first peers, each with its parameters: {"weight=3", "weight=7"}.
  [[nodiscard]] std::string upstream(const std::string& lines,
                                     const std::vector<std::string>& parameters) const {
    const std::vector<const ScriptedPeer*> peers{&a_, &b_, &c_};
    std::string text = "upstream group { " + lines;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      text += " server " + peers.at(i)->address() + " " + parameters[i] + ";";
    }
    return text + " } server { listen 127.0.0.1:0; location / { proxy_pass http://group; } }";
  }
  // Who answered, in order; a request each, over one connection.
  static std::string ask(HttpClient& client, int times, const std::string& path = "/") {
    std::string picks;
    for (int i = 0; i < times; ++i) picks += client.get(path).body;
    return picks;
  }

  ScriptedPeer a_{respond(200, "A")};
  ScriptedPeer b_{respond(200, "B")};
  ScriptedPeer c_{respond(200, "C")};
};

TEST_F(Strategies, RoundRobinAsksEachPeerInTurn) {
  const RunningProxy proxy{upstream("", {"", "", ""})};
  HttpClient client = proxy.client();
  EXPECT_EQ(ask(client, 9), "ABCABCABC");
}

TEST_F(Strategies, WeightGivesExactlyThreeAndSevenOfEveryTen) {
  const RunningProxy proxy{upstream("", {"weight=3", "weight=7"})};
  HttpClient client = proxy.client();
  for (int ten = 0; ten < 10; ++ten) {
    const std::string picks = ask(client, 10);
    EXPECT_EQ(std::ranges::count(picks, 'A'), 3) << picks;
    EXPECT_EQ(std::ranges::count(picks, 'B'), 7) << picks;
  }
}

TEST_F(Strategies, WeightMixesThePeersAsNginxDoes) {
  const RunningProxy proxy{upstream("", {"weight=5", "", ""})};
  HttpClient client = proxy.client();
  EXPECT_EQ(ask(client, 14), golden::swrr_5_1_1);
}

TEST_F(Strategies, IpHashKeepsAClientWithThePeerThatNginxWouldPick) {
  const RunningProxy proxy{upstream("ip_hash;", {"", "", ""})};
  for (int i = 0; i < 3; ++i) {
    HttpClient client = proxy.client();  // whatever its port is
    EXPECT_EQ(ask(client, 4, "/" + std::to_string(i)), "CCCC");
  }
}

TEST_F(Strategies, UrlHashSendsAUriToThePeerThatNginxPicks) {
  const RunningProxy proxy{upstream("hash $request_uri;", {"", "", ""})};
  HttpClient client = proxy.client();
  for (const auto& [uri, peer] : golden::hash_uri_1_1_1) {
    EXPECT_EQ(client.get(uri).body, peer) << uri;
  }
}

TEST_F(Strategies, UrlHashKeepsAUriWithItsPeerForEveryClient) {
  const RunningProxy proxy{upstream("hash $request_uri; hash_method crc32;", {"", "", ""})};
  for (const char* uri : {"/", "/a", "/a?b=1", "/a?b=2"}) {
    HttpClient client = proxy.client();
    const std::string first = client.get(uri).body;
    EXPECT_EQ(proxy.get(uri).body, first);
    EXPECT_EQ(ask(client, 3, uri), first + first + first);
  }
}

TEST_F(Strategies, ChangeWithAReload) {
  RunningProxy proxy{upstream("", {"", "", ""})};
  HttpClient client = proxy.client();
  EXPECT_EQ(ask(client, 6), "ABCABC");
  proxy.reconfigure(upstream("ip_hash;", {"", "", ""}));
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  const Deadline deadline;  // each worker takes it up in its own time
  while (ask(client, 3) != "CCC") ASSERT_FALSE(deadline.passed());
  EXPECT_EQ(ask(client, 6), "CCCCCC");
}

TEST_F(Strategies, UrlHashLooksNoFurtherThanHashAgainSays) {
  const std::string uri = "/a";
  const RunningProxy usual{upstream("hash $request_uri;", {"", "", ""})};
  const std::string home = usual.get(uri).body;
  std::vector<std::string> parameters{"", "", ""};
  parameters[static_cast<std::size_t>(home[0] - 'A')] = "down";
  // Its peer is down, and none is looked for: the others in turn, for the same URI.
  const RunningProxy proxy{upstream("hash $request_uri; hash_again 0;", parameters)};
  HttpClient client = proxy.client();
  const std::string picks = ask(client, 4, uri);
  EXPECT_NE(picks[0], picks[1]);
  EXPECT_EQ(picks.substr(0, 2), picks.substr(2));
}

// The delay is the peer's: the test itself waits for nothing but answers.
TEST(LeastTime, PrefersThePeerThatAnswersFaster) {
  for (const char* line : {"least_time header", "least_time last_byte inflight"}) {
    RunningBackend slow{{"--name", "slow", "--delay", "30"}};
    RunningBackend fast{{"--name", "fast"}};
    const RunningProxy proxy{"upstream group { server " + slow.address() + "; server " +
                             fast.address() + "; " + line +
                             "; } server { listen 127.0.0.1:0; location / { proxy_pass "
                             "http://group; } }"};
    HttpClient client = proxy.client();
    int fast_answers = 0;
    for (int i = 0; i < 60; ++i) fast_answers += client.get("/").body == "fast\n" ? 1 : 0;
    EXPECT_GE(fast_answers, 45) << line;
  }
}

// The delay is the peer's: the test itself waits for nothing but answers.
TEST(Fair, PrefersThePeerThatAnswersFaster) {
  RunningBackend slow{{"--name", "slow", "--delay", "30"}};
  RunningBackend fast{{"--name", "fast"}};
  const RunningProxy proxy{"upstream group { server " + slow.address() + "; server " +
                           fast.address() +
                           "; fair; } server { listen 127.0.0.1:0; location / { proxy_pass "
                           "http://group; } }"};
  HttpClient client = proxy.client();
  int fast_answers = 0;
  for (int i = 0; i < 60; ++i) fast_answers += client.get("/").body == "fast\n" ? 1 : 0;
  EXPECT_GE(fast_answers, 45);
}

}  // namespace
}  // namespace sluice::tests
