// SPDX-License-Identifier: MIT
// What is held back for a slow side, in memory and in files: a slow client holds no peer.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <vector>

#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const std::string& address, const std::string& lines = "") {
  return "server { listen 127.0.0.1:0; client_max_body_size 0; location / { proxy_pass http://" +
         address + "; " + lines + " } }";
}

// More than the buffers of two sockets take.
const std::string kLarge(24'000'000, 'x');

TEST(AnswerBuffering, FreesThePeerOfASlowClient) {
  ScriptedPeer peer{respond(200, kLarge, "Connection: close\r\n")};
  RunningProxy proxy{proxy_to(peer.address())};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("an upstream response is buffered to a temporary file");
  peer.wait_until_all_closed();  // although the client has not read a byte
  const HttpAnswer answer = slow.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == kLarge);
  EXPECT_EQ(slow.get("/").status, 200);  // and the client's connection goes on
}

TEST(AnswerBuffering, KeepsChunksInOrder) {
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string whole;
  for (int i = 0; i < 400; ++i) {
    const std::string piece(50'000, static_cast<char>('a' + i % 26));
    chunks += "c350\r\n" + piece + "\r\n";
    whole += piece;
  }
  ScriptedPeer peer{raw(chunks + "0\r\n\r\n")};
  RunningProxy proxy{proxy_to(peer.address())};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("buffered to a temporary file");
  const HttpAnswer answer = slow.read_answer();
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == whole);
}

TEST(AnswerBuffering, PassesOnWhatCameBeforeThePeerBrokeOff) {
  const std::string half = kLarge.substr(0, 12'000'000);
  ScriptedPeer peer{raw_then_close("HTTP/1.1 200 OK\r\nContent-Length: 24000000\r\n\r\n" + half)};
  RunningProxy proxy{proxy_to(peer.address())};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("buffered to a temporary file");
  const HttpAnswer answer = slow.read_answer();
  EXPECT_FALSE(answer.complete);
  EXPECT_TRUE(answer.body == half);
  proxy.wait_for_log("upstream prematurely closed connection while reading upstream");
}

TEST(AnswerBuffering, ThatIsOffLeavesThePeerWaiting) {
  ScriptedPeer peer{respond(200, kLarge)};
  RunningProxy proxy{proxy_to(peer.address(), "proxy_buffering off;")};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  EXPECT_EQ(proxy.get("/").body.size(), kLarge.size());
  EXPECT_EQ(peer.accepted(), 2u);  // the first one is still busy
  EXPECT_TRUE(slow.read_answer().body == kLarge);
}

TEST(AnswerBuffering, StopsAtTheLargestFileAllowed) {
  ScriptedPeer peer{respond(200, kLarge)};
  RunningProxy proxy{proxy_to(peer.address(), "proxy_max_temp_file_size 1m;")};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("buffered to a temporary file");
  EXPECT_EQ(proxy.get("/").body.size(), kLarge.size());
  EXPECT_EQ(peer.accepted(), 2u);
  EXPECT_TRUE(slow.read_answer().body == kLarge);
}

TEST(AnswerBuffering, UsesNoFileWhenToldSo) {
  ScriptedPeer peer{respond(200, kLarge)};
  RunningProxy proxy{proxy_to(peer.address(), "proxy_max_temp_file_size 0;")};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  EXPECT_EQ(proxy.get("/").body.size(), kLarge.size());
  EXPECT_TRUE(slow.read_answer().body == kLarge);
  for (const std::string& line : proxy.stderr_lines()) {
    EXPECT_EQ(line.find("temporary file"), std::string::npos) << line;
  }
}

TEST(AnswerBuffering, IsAsThePeerSaysForOneAnswer) {
  ScriptedPeer peer{respond(200, kLarge, "X-Accel-Buffering: no\r\n")};
  RunningProxy proxy{proxy_to(peer.address())};
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  EXPECT_EQ(proxy.get("/").body.size(), kLarge.size());
  EXPECT_EQ(peer.accepted(), 2u);
  const HttpAnswer answer = slow.read_answer();
  EXPECT_TRUE(answer.body == kLarge);
  EXPECT_FALSE(answer.has("x-accel-buffering"));
}

TEST(AnswerBuffering, HoldsThePeerBackWhenThereCanBeNoFile) {
  ScriptedPeer peer{respond(200, kLarge)};
  const TempFolder folder;
  const std::string temp = (folder.path() / "gone").string();
  RunningProxy proxy{proxy_to(peer.address(), "proxy_temp_path " + temp + ";")};
  ASSERT_EQ(::rmdir(temp.c_str()), 0);  // sluice made it
  HttpClient slow = proxy.client();
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("a temporary file failed (2: No such file or directory)");
  const HttpAnswer answer = slow.read_answer();  // and no client is the worse for it
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == kLarge);
}

TEST(AnswerBuffering, NeverDelaysEvents) {
  // The second event is sent when the client has seen the first.
  std::promise<void> seen;
  ScriptedPeer peer{Step{[&seen](PeerConnection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        "Transfer-Encoding: chunked\r\n\r\n7\r\ndata: 1\r\n");
    seen.get_future().wait_for(kPatience);
    connection.send("7\r\ndata: 2\r\n0\r\n\r\n");
  }}};
  const RunningProxy proxy{proxy_to(peer.address())};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  std::vector<std::string> events;
  const HttpAnswer answer = client.read_answer_into([&](std::string_view piece) {
    if (events.empty()) seen.set_value();
    events.emplace_back(piece);
  });
  EXPECT_EQ(events, (std::vector<std::string>{"data: 1", "data: 2"}));
  EXPECT_TRUE(answer.complete);
}

TEST(RequestBuffering, AsksNoPeerBeforeTheBodyIsWhole) {
  ScriptedPeer peer{respond(200, "thanks")};
  RunningProxy proxy{proxy_to(peer.address())};
  HttpClient slow = proxy.client();
  slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" +
            std::string(400'000, 'b'));
  EXPECT_EQ(proxy.get("/other").body, "thanks");
  EXPECT_EQ(peer.accepted(), 1u);
  slow.send(std::string(100'000, 'b'));
  EXPECT_EQ(slow.read_answer("POST").body, "thanks");
  EXPECT_EQ(peer.wait_for_requests(2).at(1).body, std::string(500'000, 'b'));
  proxy.wait_for_log("a client request body is buffered to a temporary file");
}

TEST(RequestBuffering, GivesAChunkedBodyItsLength) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer.address(), "client_body_buffer_size 4k;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string whole;
  for (int i = 0; i < 20; ++i) {
    const std::string piece(5'000, static_cast<char>('a' + i));
    whole += piece;
    client.send("1388\r\n" + piece + "\r\n");
  }
  client.send("0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer("POST").status, 200);
  EXPECT_EQ(client.read_answer("GET").status, 200);
  const auto requests = peer.wait_for_requests(2);
  EXPECT_EQ(requests.at(0).header("content-length"), "100000");
  EXPECT_FALSE(requests.at(0).header("transfer-encoding"));
  EXPECT_EQ(requests.at(0).body, whole);
  EXPECT_EQ(requests.at(1).target(), "/next");
}

TEST(RequestBuffering, SendsALargeBodyAgainToTheNextPeer) {
  ScriptedPeer broken{close_after_request()};
  ScriptedPeer good{respond(200, "got it")};
  RunningProxy proxy{"upstream both { server " + broken.address() + "; server " + good.address() +
                     "; } " + proxy_to("both")};
  HttpClient client = proxy.client();
  const std::string body(1'000'000, 'r');
  EXPECT_EQ(client.request("PUT", "/", "", body).body, "got it");
  EXPECT_TRUE(broken.wait_for_requests(1).at(0).body == body);
  EXPECT_TRUE(good.wait_for_requests(1).at(0).body == body);
}

TEST(RequestBuffering, LetsAPeerOfHttp10KnowTheLength) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      proxy_to(peer.address(), "proxy_request_buffering off; proxy_http_version 1.0;")};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_answer("POST").status, 200);
  EXPECT_EQ(peer.wait_for_requests(1).at(0).header("content-length"), "5");
}

TEST(RequestBuffering, AnswersTooLargeAChunkedBodyBeforeAnyPeerIsAsked) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; client_max_body_size 10k; location / { proxy_pass http://" +
      peer.address() + "; } }"};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n" +
              std::string(0x4000, 'x') + "\r\n");
  EXPECT_EQ(client.read_answer("POST").status, 413);
  EXPECT_EQ(peer.accepted(), 0u);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST(RequestBuffering, LeavesAFileWhereItIsWanted) {
  ScriptedPeer peer{respond(200)};
  const TempFolder folder;
  const RunningProxy proxy{proxy_to(peer.address(),
                                    "client_body_in_file_only on; "
                                    "client_body_temp_path " +
                                        folder.path().string() + ";")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/", "", "short").status, 200);
  EXPECT_EQ(peer.wait_for_requests(1).at(0).body, "short");
  const std::vector<std::string> names = names_in(folder.path());
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(read_file(folder.path() / names[0]), "short");
}

TEST(RequestBuffering, RemovesAFileThatIsWantedForTheRequestOnly) {
  ScriptedPeer peer{respond(200)};
  const TempFolder folder;
  const RunningProxy proxy{proxy_to(peer.address(),
                                    "client_body_in_file_only clean; "
                                    "client_body_temp_path " +
                                        folder.path().string() + ";")};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/", "", "short").status, 200);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(peer.wait_for_requests(1).at(0).body, "short");
  EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(RequestBuffering, FailsOneClientWhenTheDiskIsFull) {
  ScriptedPeer peer{respond(200)};
  const TempFolder folder;
  const std::string temp = (folder.path() / "gone").string();
  RunningProxy proxy{proxy_to(peer.address(), "client_body_temp_path " + temp + ";")};
  ASSERT_EQ(::rmdir(temp.c_str()), 0);
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/", "", std::string(100'000, 'x')).status, 500);
  proxy.wait_for_log("[crit]");
  EXPECT_EQ(peer.accepted(), 0u);
  HttpClient other = proxy.client();
  EXPECT_EQ(other.request("POST", "/", "", "small").status, 200);
}

}  // namespace
}  // namespace sluice::tests
