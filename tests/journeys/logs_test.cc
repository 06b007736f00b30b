// SPDX-License-Identifier: MIT
// What is written down.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::MatchesRegex;

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

TEST(AccessLog, SaysThatNobodyWasWaitedForWhenNoPeerIsLeft) {
  const TempFolder folder;
  ScriptedPeer failing{close_after_request()};
  const RunningProxy proxy{
      "log_format times '$upstream_addr|$upstream_status|$upstream_response_time|"
      "$upstream_connect_time|$upstream_header_time'; upstream group { server " +
      failing.address() + "; server " + closed_port() +
      "; } server { listen 127.0.0.1:0; access_log " + folder.file("log") +
      " times; location / { proxy_pass http://group; } }"};
  proxy.get("/");
  proxy.get("/");
  const std::string log = wait_for_lines(folder.file("log"), 2);
  EXPECT_EQ(log.substr(log.find('\n') + 1), "group|502|0.000|-|-\n");
}

TEST(AccessLog, KnowsTheBodyTheFileAndThePort) {
  const TempFolder folder;
  ScriptedPeer peer{respond(200, "", "Set-Cookie: id=7; Path=/\r\n")};
  const RunningProxy proxy{
      "log_format long '$pipe $request_body $request_filename $document_root $proxy_host "
      "$proxy_port $upstream_cookie_id $request_port $limit_rate';"
      "upstream group { server " +
      peer.address() + "; } server { listen 127.0.0.1:0; root /srv; limit_rate 1m; access_log " +
      folder.file("log") + " long; location / { proxy_pass http://group; } }"};
  HttpClient client = proxy.client();
  client.send("POST /a HTTP/1.1\r\nHost: a:81\r\nContent-Length: 4\r\n\r\nb=\"1");
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1),
            ". b=\\x221 /srv/a /srv group 80 7 81 1048576\n");
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

TEST(AccessLog, HasNoLineWhereItsConditionSaysNo) {
  const TempFolder folder;
  const RunningProxy proxy{
      "log_format short '$status $uri'; map $status $loggable { ~^[23] 0; default 1; }"
      "server { listen 127.0.0.1:0; access_log " +
      folder.file("log") +
      " short if=$loggable;"
      "location /2 { return 200 x; } location /4 { return 404; } }"};
  proxy.get("/2");
  proxy.get("/4");
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1), "404 /4\n");
}

TEST(AccessLog, IsBufferedUntilTheEnd) {
  const TempFolder folder;
  const std::string log = folder.file("log");
  RunningProxy proxy{"log_format short $uri; server { listen 127.0.0.1:0; access_log " + log +
                     " short buffer=64k; return 200 x; }"};
  proxy.get("/a");
  proxy.get("/b");
  EXPECT_EQ(read_file(log), "");
  EXPECT_EQ(proxy.quit(), 0);
  EXPECT_EQ(read_file(log), "/a\n/b\n");
}

TEST(AccessLog, IsWrittenByAReloadAndByAReopen) {
  const TempFolder folder;
  const std::string log = folder.file("log");
  RunningProxy proxy{"log_format short $uri; server { listen 127.0.0.1:0; access_log " + log +
                     " short buffer=64k; return 200 x; }"};
  HttpClient client = proxy.client();
  // The answer to the second says that the line of the first has been written.
  const auto ask = [&](std::string_view path) {
    for (const std::string_view each : {path, std::string_view("/next")}) {
      client.send("GET " + std::string(each) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      EXPECT_EQ(client.read_answer().body, "x");
    }
  };
  ask("/a");
  EXPECT_EQ(read_file(log), "");
  proxy.signal(SIGHUP);
  EXPECT_TRUE(wait_for_lines(log, 1).starts_with("/a\n"));
  ask("/b");
  ASSERT_EQ(std::rename(log.c_str(), (log + ".1").c_str()), 0);
  proxy.signal(SIGUSR1);
  proxy.wait_for_log("reopened logs");
  EXPECT_TRUE(read_file(log + ".1").starts_with("/a\n/next\n/b\n"));
  EXPECT_EQ(read_file(log), "");
}

TEST(AccessLog, OnAFullDiskLosesLinesAndNoRequest) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; access_log /dev/full; return 200 x; }"};
  EXPECT_EQ(proxy.get("/").body, "x");
  EXPECT_EQ(proxy.get("/").body, "x");
  const auto line = proxy.wait_for_log("/dev/full");
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("[alert]"), std::string::npos) << *line;
  EXPECT_NE(line->find("of the log lost: write() to \"/dev/full\" failed "
                       "(28: No space left on device)"),
            std::string::npos)
      << *line;
}

TEST(AccessLog, WithoutAReaderLosesLinesAndNoRequest) {
  const TempFolder folder;
  const std::string fifo = folder.file("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  RunningProxy proxy{"server { listen 127.0.0.1:0; access_log " + fifo + "; return 200 x; }"};
  HttpClient client = proxy.client();
  const std::string request =
      "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: " + std::string(7000, 'x') + "\r\n\r\n";
  for (int i = 0; i < 400; ++i) {
    client.send(request);
    ASSERT_EQ(client.read_answer().body, "x") << i;
  }
  proxy.wait_for_log("\"" + fifo + "\" is too slow");
  EXPECT_EQ(proxy.quit(), 0);
}

TEST(AccessLog, LosesNoLineWhenItIsRotatedUnderLoad) {
  const TempFolder folder;
  const std::string log = folder.file("log");
  RunningProxy proxy{"log_format short 'x$uri'; server { listen 127.0.0.1:0; access_log " + log +
                     " short buffer=4k flush=10ms; keepalive_requests 1000000; return 204; }"};
  std::atomic<bool> rotated = false;
  int requests = 0;
  std::thread load([&] {
    HttpClient client = proxy.client();
    for (; !rotated; ++requests) {
      client.send("GET /line HTTP/1.1\r\nHost: a\r\n\r\n");
      client.read_answer();
    }
  });
  std::size_t seen = 0;
  for (int i = 0; i < 5; ++i) {
    wait_for_lines(log, 1);
    ASSERT_EQ(std::rename(log.c_str(), (log + std::to_string(i)).c_str()), 0);
    proxy.signal(SIGUSR1);
    proxy.wait_for_log("reopened logs", seen);
    seen = proxy.stderr_lines().size();
  }
  rotated = true;
  load.join();
  EXPECT_EQ(proxy.quit(), 0);
  std::string all = read_file(log);
  for (int i = 0; i < 5; ++i) all += read_file(log + std::to_string(i));
  std::string expected;
  for (int i = 0; i < requests; ++i) expected += "x/line\n";
  EXPECT_EQ(all, expected);
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

TEST(ErrorLog, NamesTheReferrerAndNoPassword) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; server_name shop; root /nowhere; }"};
  proxy.get("/a",
            "Host: shop\r\nReferer: http://ann:secret@there/b?c\r\n"
            "Authorization: Basic c2VjcmV0\r\nCookie: secret=1\r\n");
  const auto line = proxy.wait_for_log("open()");
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("open() \"/nowhere/a\" failed (2: No such file or directory), "
                       "client: 127.0.0.1, server: shop, request: \"GET /a HTTP/1.1\", "
                       "host: \"shop\", referrer: \"http://there/b?c\""),
            std::string::npos)
      << *line;
  EXPECT_EQ(line->find("secret"), std::string::npos) << *line;
  EXPECT_EQ(line->find("c2VjcmV0"), std::string::npos) << *line;
}

TEST(ErrorLog, LeavesMissingFilesOutWhenTold) {
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; root /nowhere;"
      "location /quiet { log_not_found off; } }"};
  EXPECT_EQ(proxy.get("/quiet").status, 404);
  EXPECT_EQ(proxy.get("/loud").status, 404);
  proxy.wait_for_log("\"/nowhere/loud\" failed");
  for (const std::string& line : proxy.stderr_lines()) {
    EXPECT_EQ(line.find("/nowhere/quiet\" failed"), std::string::npos) << line;
  }
}

TEST(ErrorLog, SaysHowLargeABodyWouldHaveBeen) {
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; client_max_body_size 10;"
      "location / { proxy_pass http://" +
      closed_port() + "; } }"};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 123456\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(proxy.wait_for_log("client intended to send too large body: 123456 bytes, client: "));
}

TEST(ErrorLog, NamesTheHeaderThatIsTooBig) {
  ScriptedPeer peer{
      respond(200, "", "X-Small: 1\r\nSet-Cookie: " + std::string(6000, 's') + "\r\n")};
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; location / { proxy_buffer_size 4k; proxy_pass http://" +
      peer.address() + "; } }"};
  EXPECT_EQ(proxy.get("/").status, 502);
  const auto line = proxy.wait_for_log("upstream sent too big header");
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("upstream sent too big header while reading response header from upstream "
                       "(more than 4096 bytes, \"Set-Cookie\" alone has "),
            std::string::npos)
      << *line;
  EXPECT_NE(line->find("; see \"proxy_buffer_size\"), client: "), std::string::npos) << *line;
  EXPECT_EQ(line->find("ssss"), std::string::npos) << *line;
}

TEST(AccessLog, KnowsWhatTheSystemSaysOfATcpConnection) {
  const TempFolder folder;
  const std::string tcp = folder.file("tcp");
  const std::string unix_log = folder.file("unix.log");
  const std::string format =
      "log_format tcp '$tcpinfo_rtt $tcpinfo_rttvar $tcpinfo_snd_cwnd $tcpinfo_rcv_space'; ";
  const RunningProxy proxy{format + "server { listen 127.0.0.1:0; access_log " + tcp +
                           " tcp; return 204; } server { listen unix:" + folder.file("socket") +
                           "; access_log " + unix_log + " tcp; return 204; }"};
  proxy.get("/");
  EXPECT_THAT(wait_for_lines(tcp, 1), testing::MatchesRegex("[0-9]+ [0-9]+ [1-9][0-9]* [0-9]+\n"));
  http_get("unix:" + folder.file("socket"), "/");
  EXPECT_EQ(wait_for_lines(unix_log, 1), "- - - -\n");
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
  EXPECT_EQ(read_file(log + ".1"), "/before\n");
}

}  // namespace
}  // namespace sluice::tests
