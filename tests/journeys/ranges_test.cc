// SPDX-License-Identifier: MIT
// Parts of files and, with proxy_force_ranges, of a peer's answer.  What nginx does beside it is
// in tests/oracle/range_pairs.cc.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string numbers(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + ' ';
  text.resize(size);
  return text;
}

std::string range(std::size_t begin, std::size_t size) {
  return std::to_string(begin) + "-" + std::to_string(begin + size - 1);
}

std::string line(const std::string& ranges) {
  return "Range: bytes=" + ranges + "\r\n";
}

const std::string kServer = "server { listen 127.0.0.1:0; root www; }";

ProxyOptions with_file(const std::string& text) {
  return {.main = "", .events = "", .files = {{"www/a.html", text}}};
}

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines) {
  return "log_format told 'told $status $upstream_status $body_bytes_sent'; "
         "access_log /dev/stderr told; server { listen 127.0.0.1:0; location / { proxy_pass "
         "http://" +
         peer.address() + "; " + lines + " } }";
}

TEST(Ranges, OfALargeFileArriveAndTheConnectionGoesOn) {
  const std::string text = numbers(1024 * 1024);
  const RunningProxy proxy{kServer, with_file(text)};
  HttpClient client = proxy.client();
  for (const std::size_t begin : {0U, 1U, 65'535U, 500'000U}) {
    const HttpAnswer answer = client.get("/a.html", line(range(begin, 300'000)));
    EXPECT_EQ(answer.status, 206);
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(answer.body == text.substr(begin, 300'000));
    EXPECT_EQ(answer.header("Content-Range"), "bytes " + range(begin, 300'000) + "/1048576");
  }
}

TEST(Ranges, ThatAreSeveralComeInOneBody) {
  const std::string text = numbers(1024 * 1024);
  const RunningProxy proxy{kServer, with_file(text)};
  HttpClient client = proxy.client();
  const HttpAnswer answer =
      client.get("/a.html", line(range(7, 200'000) + "," + range(500'000, 3) + "," + "-100000"));
  ASSERT_EQ(answer.status, 206);
  EXPECT_TRUE(answer.complete);
  const std::string type = answer.header("Content-Type");
  const std::string begin = "multipart/byteranges; boundary=";
  ASSERT_EQ(type.substr(0, begin.size()), begin);
  const std::string boundary = type.substr(begin.size());
  std::string expected;
  for (const auto& [at, size] : {std::pair<std::size_t, std::size_t>{7, 200'000},
                                 {500'000, 3},
                                 {text.size() - 100'000, 100'000}}) {
    expected += "\r\n--" + boundary + "\r\nContent-Type: text/html\r\nContent-Range: bytes " +
                range(at, size) + "/1048576\r\n\r\n" + text.substr(at, size);
  }
  expected += "\r\n--" + boundary + "--\r\n";
  EXPECT_TRUE(answer.body == expected);
  const HttpAnswer next = client.get("/a.html", line("0-0,2-2"));
  EXPECT_EQ(next.status, 206);
  EXPECT_NE(next.header("Content-Type"), type);
}

TEST(Ranges, ThatCannotBeAreRefusedAndTheConnectionGoesOn) {
  const RunningProxy proxy{kServer, with_file("hello")};
  HttpClient client = proxy.client();
  const HttpAnswer refused = client.get("/a.html", line("5-"));
  EXPECT_EQ(refused.status, 416);
  EXPECT_EQ(refused.header("Content-Range"), "bytes */5");
  EXPECT_EQ(client.get("/a.html", line("4-")).body, "o");
}

TEST(Ranges, OfAFileInAPeersPlace) {
  ScriptedPeer peer{respond(200, "", "X-Accel-Redirect: /files/a.html\r\nAccept-Ranges: none\r\n"),
                    respond(200, "", "X-Accel-Redirect: /files/a.html\r\n")};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                               peer.address() + "; } location /files/ { internal; root www; } }",
                           {.main = "", .events = "", .files = {{"www/files/a.html", "hello"}}}};
  const HttpAnswer told = proxy.get("/");
  EXPECT_EQ(told.count("Accept-Ranges"), 1U);
  EXPECT_EQ(told.header("Accept-Ranges"), "none");
  EXPECT_EQ(proxy.get("/").header("Accept-Ranges"), "bytes");
  EXPECT_EQ(proxy.get("/", line("1-2")).body, "el");
}

TEST(ForcedRanges, AreCutOutOfALargeAnswer) {
  const std::string text = numbers(1024 * 1024);
  ScriptedPeer peer{respond(200, text)};
  RunningProxy proxy{proxy_to(peer, "proxy_force_ranges on;")};
  HttpClient client = proxy.client();
  for (const std::size_t begin : {0U, 1U, 65'535U, 748'576U}) {
    const HttpAnswer answer = client.get("/", line(range(begin, 300'000)));
    EXPECT_EQ(answer.status, 206);
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(answer.body == text.substr(begin, 300'000)) << begin;
  }
  proxy.wait_for_log("told 206 200 300000");
}

TEST(ForcedRanges, LeaveAWholeSmallAnswersConnectionForTheNext) {
  ScriptedPeer peer{respond(200, "0123456789")};
  const RunningProxy proxy{proxy_to(peer, "proxy_force_ranges on;")};
  HttpClient client = proxy.client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.get("/", line("2-4")).body, "234");
  }
  EXPECT_EQ(peer.accepted(), 1U);
}

TEST(ForcedRanges, DoNotWaitForWhatNobodyWants) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    if (!connection.read_request()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n0123456789");
    connection.wait_for_close();
  }};
  const RunningProxy proxy{proxy_to(peer, "proxy_force_ranges on;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/", line("2-4")).body, "234");
  peer.wait_until_all_closed();
  EXPECT_EQ(client.get("/", line("3-5")).body, "345");
}

TEST(ForcedRanges, ThatCannotBeAreRefused) {
  ScriptedPeer peer{respond(200, "0123456789", "X-A: b\r\n")};
  RunningProxy proxy{proxy_to(peer, "proxy_force_ranges on;")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/", line("10-")).header("Content-Range"), "bytes */10");
  EXPECT_EQ(client.get("/", line("9-")).body, "9");
  proxy.wait_for_log("told 416 200 ");
}

TEST(ForcedRanges, OfAnAnswerThatBreaksOffAreIncomplete) {
  ScriptedPeer peer{
      raw_then_close("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(50, 'x'))};
  const RunningProxy proxy{proxy_to(peer, "proxy_force_ranges on;")};
  const HttpAnswer answer = proxy.get("/", line("40-60"));
  EXPECT_EQ(answer.status, 206);
  EXPECT_FALSE(answer.complete);
  EXPECT_EQ(answer.body, std::string(10, 'x'));
}

}  // namespace
}  // namespace sluice::tests
