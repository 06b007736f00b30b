// SPDX-License-Identifier: MIT
// Static files: what is found, what is said about what is not, and what is never given away.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

constexpr const char* kTypes = "types { text/html html; text/css css; image/png png; } ";

// A server whose root is www/ below the prefix, with these lines.
std::string server(const std::string& lines = "") {
  return std::string("server { listen 127.0.0.1:0; root www; ") + kTypes + lines + " }";
}

ProxyOptions files(std::map<std::string, std::string> files) {
  return {.main = "", .events = "", .files = std::move(files)};
}

TEST(Files, ComeFromBelowRootWithTheirType) {
  const RunningProxy proxy{
      server("default_type application/x-other;"),
      files({{"www/a.html", "<p>"}, {"www/b/STYLE.CSS", "p{}"}, {"www/c.d/noext", "x"}})};
  const HttpAnswer page = proxy.get("/a.html?query=1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<p>");
  EXPECT_EQ(page.header("Content-Type"), "text/html");
  EXPECT_EQ(page.header("Content-Length"), "3");
  EXPECT_TRUE(page.has("Last-Modified"));
  EXPECT_TRUE(page.has("ETag"));
  EXPECT_EQ(proxy.get("/b/STYLE.CSS").header("Content-Type"), "text/css");
  EXPECT_EQ(proxy.get("/c.d/noext").header("Content-Type"), "application/x-other");
}

TEST(Files, MayBeEmpty) {
  const RunningProxy proxy{server(), files({{"www/empty.html", ""}})};
  HttpClient client = proxy.client();
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.get("/empty.html");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Length"), "0");
  }
}

TEST(Files, ArriveWholeHoweverLarge) {
  std::string text;
  while (text.size() < 1024 * 1024) text += std::to_string(text.size()) + ' ';
  const RunningProxy proxy{server(), files({{"www/large", text}})};
  HttpClient client = proxy.client();
  for (int i = 0; i < 2; ++i) {
    const HttpAnswer answer = client.get("/large");
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(answer.body == text);
  }
}

TEST(Files, ThatAreNotThereAre404AndLogged) {
  RunningProxy proxy{server(), files({{"www/a.html", "a"}})};
  EXPECT_EQ(proxy.get("/none.html").status, 404);
  EXPECT_EQ(proxy.get("/a.html/below").status, 404);
  EXPECT_EQ(proxy.get("/none/").status, 404);
  EXPECT_EQ(proxy.get("/" + std::string(300, 'x')).status, 404);
  proxy.wait_for_log("open() \"" + proxy.folder().file("www/none.html") +
                     "\" failed (2: No such file or directory)");
}

TEST(Files, ThatAreNoFilesAreNotRead) {
  RunningProxy proxy{server(), files({{"www/a.html", "a"}})};
  ASSERT_EQ(::mkfifo(proxy.folder().file("www/fifo").c_str(), 0600), 0);
  EXPECT_EQ(proxy.get("/fifo").status, 404);
  EXPECT_EQ(proxy.get("/a.html").body, "a");
}

TEST(Files, ForAHeadAreOnlyAnnounced) {
  const RunningProxy proxy{server(), files({{"www/a.html", "hello"}})};
  HttpClient client = proxy.client();
  const HttpAnswer head = client.request("HEAD", "/a.html");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "5");
  EXPECT_EQ(client.get("/a.html").body, "hello");
}

TEST(Files, AreOnlyRead) {
  const RunningProxy proxy{server(), files({{"www/a.html", "hello"}})};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/a.html", "", "x=1").status, 405);
  EXPECT_EQ(client.request("PUT", "/a.html", "", "new").status, 405);
  EXPECT_EQ(client.request("DELETE", "/none").status, 405);
  EXPECT_EQ(client.request("POST", "/none", "", "x=1").status, 404);
  EXPECT_EQ(client.get("/a.html").body, "hello");
}

TEST(Files, ThatDidNotChangeAreNotSentAgain) {
  const RunningProxy proxy{server(), files({{"www/a.html", "hello"}})};
  HttpClient client = proxy.client();
  const HttpAnswer first = client.get("/a.html");
  const std::string tag = first.header("ETag");
  const std::string modified = first.header("Last-Modified");
  for (const std::string& header :
       {"If-None-Match: " + tag, "If-None-Match: \"x\", W/" + tag, std::string("If-None-Match: *"),
        "If-Modified-Since: " + modified}) {
    const HttpAnswer answer = client.get("/a.html", header + "\r\n");
    EXPECT_EQ(answer.status, 304) << header;
    EXPECT_EQ(answer.header("ETag"), tag);
    EXPECT_EQ(answer.header("Last-Modified"), modified);
    EXPECT_FALSE(answer.has("Content-Type"));
  }
  for (const std::string& header : {std::string("If-None-Match: \"other\""),
                                    std::string("If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"),
                                    "If-None-Match: \"other\"\r\nIf-Modified-Since: " + modified}) {
    EXPECT_EQ(client.get("/a.html", header + "\r\n").status, 200) << header;
  }
}

// --- folders ---

TEST(Folders, AnswerWithTheFirstIndexThatIsThere) {
  const RunningProxy proxy{
      server("index start.html index.html; location /own/ { index mine.html /shared.html; }"),
      files({{"www/index.html", "second"},
             {"www/sub/start.html", "first"},
             {"www/sub/index.html", "second"},
             {"www/own/x", ""},
             {"www/shared.html", "shared"}})};
  EXPECT_EQ(proxy.get("/").body, "second");
  EXPECT_EQ(proxy.get("/sub/?a=b").body, "first");
  EXPECT_EQ(proxy.get("/own/").body, "shared");
  EXPECT_EQ(proxy.get("/").header("Content-Type"), "text/html");
}

// Else a script would be shown instead of run.
TEST(Folders, GiveTheirIndexToTheLocationItBelongsTo) {
  ScriptedPeer peer{respond(200, "run")};
  const RunningProxy proxy{
      server("index index.php; location ~ \\.php$ { proxy_pass http://" + peer.address() + "; }"),
      files({{"www/sub/index.php", "secret source"}})};
  EXPECT_EQ(proxy.get("/sub/").body, "run");
  EXPECT_EQ(peer.requests().size(), 1u);
}

TEST(Folders, WithoutAnIndexAreForbidden) {
  RunningProxy proxy{server(), files({{"www/sub/a.html", "a"}})};
  EXPECT_EQ(proxy.get("/sub/").status, 403);
  proxy.wait_for_log("directory index of \"" + proxy.folder().file("www/sub/") + "\" is forbidden");
}

TEST(Folders, WithoutTheirSlashAreElsewhere) {
  const RunningProxy proxy{server(), files({{"www/sub/index.html", "a"}})};
  const HttpAnswer answer = proxy.get("/sub?a=b", "Host: example.org\r\n");
  EXPECT_EQ(answer.status, 301);
  EXPECT_EQ(answer.header("Location"),
            "http://example.org:" + std::to_string(proxy.port()) + "/sub/?a=b");
}

// --- try_files ---

TEST(TryFiles, TakesTheFirstThatIsThere) {
  const RunningProxy proxy{
      server("location / { try_files $uri $uri.html $uri/ =404; }"),
      files({{"www/a", "plain"}, {"www/b.html", "page"}, {"www/c/index.html", "folder"}})};
  EXPECT_EQ(proxy.get("/a").body, "plain");
  EXPECT_EQ(proxy.get("/b").body, "page");
  EXPECT_EQ(proxy.get("/b").header("Content-Type"), "text/html");
  EXPECT_EQ(proxy.get("/c/").body, "folder");
  EXPECT_EQ(proxy.get("/c").status, 301);  // to the path with a slash
  EXPECT_EQ(proxy.get("/d").status, 404);
}

TEST(TryFiles, LeavesTheRestToANamedLocation) {
  ScriptedPeer peer{respond(200, "dynamic")};
  const RunningProxy proxy{
      server("location / { try_files $uri @app; } location @app { proxy_pass http://" +
             peer.address() + "; }"),
      files({{"www/a.html", "static"}})};
  EXPECT_EQ(proxy.get("/a.html").body, "static");
  EXPECT_EQ(proxy.get("/none?x=1").body, "dynamic");
  EXPECT_EQ(peer.wait_for_requests(1).at(0).target(), "/none?x=1");
}

TEST(TryFiles, GoesOnWithAnotherUri) {
  const RunningProxy proxy{server("location / { try_files $uri /app.html?from=$uri; }"
                                  "location = /app.html { return 200 $uri:$args; }"),
                           files({{"www/a.html", "static"}})};
  EXPECT_EQ(proxy.get("/a.html").body, "static");
  EXPECT_EQ(proxy.get("/some/where").body, "/app.html:from=/some/where");
}

TEST(TryFiles, LeavesItsLocationWhenTheUriBelongsToNone) {
  const RunningProxy proxy{server("location /sub/ { try_files /none /top.html; }"),
                           files({{"www/top.html", "top"}})};
  EXPECT_EQ(proxy.get("/sub/x").body, "top");
}

TEST(TryFiles, KeepsWhatTheRegexCaught) {
  const RunningProxy proxy{
      server("location ~ ^/short/(.*)$ { try_files /none @say; }"
             "location ~ ^/long/(.*)$ { try_files /none /a/very/long/way/to/say/nothing/at/all; }"
             "location ~ ^/a/very/long/(.*)$ { return 200 $1; }"
             "location @say { return 200 $1; }")};
  EXPECT_EQ(proxy.get("/short/word").body, "word");
  EXPECT_EQ(proxy.get("/long/word").body, "way/to/say/nothing/at/all");
}

// $1 stands for a part of a URI that try_files has replaced by another.
TEST(TryFiles, KeepsWhatTheRegexCaughtBesideTheFileItFound) {
  ScriptedPeer peer{respond(200, "")};
  const RunningProxy proxy{
      server("location ~ ^/(s)$ { try_files /a/file/with/a/rather/long/name/of/its/own =404;"
             " proxy_set_header X-Caught $1; proxy_pass http://" +
             peer.address() + "; }"),
      files({{"www/a/file/with/a/rather/long/name/of/its/own", "x"}})};
  EXPECT_EQ(proxy.get("/%73").status, 200);
  EXPECT_EQ(peer.wait_for_requests(1).at(0).header("X-Caught"), "s");
}

TEST(TryFiles, GivesUpGoingRoundInCircles) {
  RunningProxy proxy{server("location / { try_files /none /other; }")};
  EXPECT_EQ(proxy.get("/").status, 500);
  proxy.wait_for_log("rewrite or internal redirection cycle");
}

// --- what is never given away ---

TEST(PathTraversal, NeverLeavesRoot) {
  const RunningProxy proxy{server(), files({{"www/in/a.html", "inside"}, {"secret", "SECRET"}})};
  for (const char* path : {"/../secret",
                           "/in/../../secret",
                           "/%2e%2e/secret",
                           "/%2E%2E/secret",
                           "/.%2e/secret",
                           "/in/..%2f..%2fsecret",
                           "/in/%2e%2e%2f%2e%2e%2fsecret",
                           "/..%2fsecret",
                           "/..",
                           "/in/../..",
                           "//../secret",
                           "/./../secret",
                           "/in//../../../secret",
                           "/..\\secret",
                           "/..%5csecret",
                           "/%252e%252e/secret",
                           "/..;/secret",
                           "/in/a.html%00",
                           "/secret%00.html",
                           "/%00/../secret",
                           "/..%00/secret",
                           "/%c0%ae%c0%ae/secret",
                           "/../../../../../../../../etc/passwd"}) {
    const HttpAnswer answer = proxy.get(path);
    EXPECT_GE(answer.status, 400) << path;
    EXPECT_LT(answer.status, 500) << path;
    EXPECT_EQ(answer.body.find("SECRET"), std::string::npos) << path;
    EXPECT_EQ(answer.body.find("root:"), std::string::npos) << path;
  }
  EXPECT_EQ(proxy.get("/in/../in/./%61.html").body, "inside");
}

TEST(PathTraversal, NeverLeavesRootByAnAbsoluteTarget) {
  const RunningProxy proxy{server(), files({{"www/a.html", "inside"}, {"secret", "SECRET"}})};
  HttpClient client = proxy.client();
  client.send("GET http://a/../secret HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 400);
}

}  // namespace
}  // namespace sluice::tests
