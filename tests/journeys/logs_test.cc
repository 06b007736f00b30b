// SPDX-License-Identifier: MIT
// What is written down.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::MatchesRegex;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The log's text once it has that many lines: a line is written after its answer was sent.
std::string wait_for_lines(const std::string& path, std::ptrdiff_t count) {
  const Deadline deadline;
  std::string text = contents(path);
  while (std::ranges::count(text, '\n') < count && !deadline.passed()) {
    std::this_thread::yield();
    text = contents(path);
  }
  return text;
}

TEST(AccessLog, IsInCombinedFormatUnlessSaidOtherwise) {
  const TempFolder folder;
  ScriptedPeer peer{respond(200, "hello")};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; access_log " + folder.file("log") +
                           "; location / { proxy_pass http://" + peer.address() + "; } }"};
  proxy.get("/a?b", "User-Agent: tester\r\nReferer: http://x/\r\n");
  EXPECT_THAT(wait_for_lines(folder.file("log"), 1),
              MatchesRegex("127\\.0\\.0\\.1 - - \\[[0-9]+/[A-Z][a-z]+/[0-9:]+ [+-][0-9]+\\] "
                           "\"GET /a\\?b HTTP/1\\.1\" 200 5 \"http://x/\" \"tester\"\n"));
}

TEST(AccessLog, WritesWhatItsFormatSays) {
  const TempFolder folder;
  ScriptedPeer failing{close_after_request()};
  ScriptedPeer peer{respond(200, "hello")};
  const RunningProxy proxy{
      "log_format short '$status $upstream_addr $upstream_status $body_bytes_sent "
      "$connection_requests';"
      "upstream group { server " +
      failing.address() + "; server " + peer.address() +
      "; }"
      "server { listen 127.0.0.1:0; access_log " +
      folder.file("log") +
      " short;"
      "location / { proxy_pass http://group; } }"};
  proxy.get("/");
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1),
            "200 " + failing.address() + ", " + peer.address() + " 502, 200 5 1\n");
}

TEST(AccessLog, SaysOfARefusedRequestWhatIsKnown) {
  const TempFolder folder;
  const RunningProxy proxy{
      "log_format short '$status \"$request\"';"
      "server { listen 127.0.0.1:0; access_log " +
      folder.file("log") + " short; }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 400);
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1), "400 \"GET / HTTP/1.1\"\n");
}

TEST(AccessLog, SaysThatTheClientLeft) {
  const TempFolder folder;
  ScriptedPeer peer{hang()};
  const RunningProxy proxy{"log_format short $status; server { listen 127.0.0.1:0; access_log " +
                           folder.file("log") + " short; location / { proxy_pass http://" +
                           peer.address() + "; } }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  client.close();
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1), "499\n");
}

TEST(ErrorLog, NamesClientServerRequestPeerAndHost) {
  const std::string dead = closed_port();
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; server_name shop; location / { proxy_pass http://" + dead +
      "; } }"};
  proxy.get("/cart?x=1", "Host: shop\r\n");
  const auto line = proxy.wait_for_log("connect() failed");
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("[error]"), std::string::npos) << *line;
  EXPECT_NE(line->find("connect() failed (111: Connection refused) while connecting to upstream, "
                       "client: 127.0.0.1, server: shop, request: \"GET /cart?x=1 HTTP/1.1\", "
                       "upstream: \"http://" +
                       dead + "/cart?x=1\", host: \"shop\""),
            std::string::npos)
      << *line;
}

TEST(Logs, AreOpenedAgainOnUsr1) {
  const TempFolder folder;
  const std::string log = folder.file("log");
  RunningProxy proxy{"log_format short $uri; server { listen 127.0.0.1:0; access_log " + log +
                     " short; return 200 x; }"};
  proxy.get("/before");
  wait_for_lines(log, 1);
  ASSERT_EQ(std::rename(log.c_str(), (log + ".1").c_str()), 0);
  proxy.signal(SIGUSR1);
  proxy.wait_for_log("reopened logs");
  proxy.get("/after");
  EXPECT_EQ(wait_for_lines(log, 1), "/after\n");
  EXPECT_EQ(contents(log + ".1"), "/before\n");
}

}  // namespace
}  // namespace sluice::tests
