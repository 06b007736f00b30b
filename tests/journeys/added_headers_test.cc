// SPDX-License-Identifier: MIT
// What add_header and expires add to answers, whoever made them.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::ElementsAre;

std::vector<std::string> values(const HttpAnswer& answer, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& [key, value] : answer.headers) {
    if (key == name) {
      found.push_back(value);
    }
  }
  return found;
}

HttpAnswer answered(const std::string& lines, int status = 200, const std::string& headers = "") {
  ScriptedPeer peer{respond(status, "body", headers)};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                           peer.address() + "; " + lines + " } }"};
  return proxy.get("/a%0d%0aX-Evil:%201?life=5m");
}

TEST(AddHeader, ComesToAnswersOfPeers) {
  const HttpAnswer answer = answered(
      "add_header X-One 1; add_header X-Text \"$request_method $upstream_http_x_peer\"; "
      "add_header X-None $arg_none; add_header Cache-Control public;",
      200, "X-Peer: yes\r\nCache-Control: private\r\n");
  EXPECT_EQ(answer.header("x-one"), "1");
  EXPECT_EQ(answer.header("x-text"), "GET yes");
  EXPECT_FALSE(answer.has("x-none"));
  EXPECT_THAT(values(answer, "Cache-Control"), ElementsAre("private", "public"));
}

TEST(AddHeader, SeesTheHeadItIsAddedTo) {
  EXPECT_EQ(answered("add_header X-Seen \"$sent_http_content_length $sent_http_x_peer $status\";",
                     200, "X-Peer: yes\r\n")
                .header("x-seen"),
            "4 yes 200");
}

TEST(AddHeader, ComesToErrorsOnlyAlways) {
  const std::string lines = "add_header X-Fine 1; add_header X-Always 1 always;";
  for (const int status : {200, 201, 206, 301, 302, 303, 307, 308}) {
    EXPECT_TRUE(answered(lines, status).has("x-fine")) << status;
  }
  for (const int status : {202, 300, 400, 404, 500, 503}) {
    EXPECT_FALSE(answered(lines, status).has("x-fine")) << status;
    EXPECT_TRUE(answered(lines, status).has("x-always")) << status;
  }
}

TEST(AddHeader, TakesThePlaceOfValidators) {
  const HttpAnswer answer =
      answered("add_header ETag '\"new\"'; add_header Last-Modified \"\";", 200,
               "ETag: \"old\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  EXPECT_THAT(values(answer, "ETag"), ElementsAre("\"new\""));
  EXPECT_FALSE(answer.has("last-modified"));
}

TEST(AddHeader, HoldsNoLineThatAClientMadeUp) {
  const HttpAnswer answer = answered("add_header X-Path $uri;");
  EXPECT_FALSE(answer.has("x-evil"));
  EXPECT_EQ(answer.header("x-path"), "/a  X-Evil: 1");
}

TEST(AddHeader, ComesToOurOwnAnswers) {
  const TempFolder folder;
  folder.write("page.html", "hello");
  const RunningProxy proxy{"server { listen 127.0.0.1:0; root " + folder.path().string() +
                           "; add_header X-One 1; add_header X-All 1 always; "
                           "add_header Last-Modified never; expires max; "
                           "location /return { return 200 x; } location /to { return 301 /a; } }"};
  for (const char* path : {"/page.html", "/return", "/to"}) {
    const HttpAnswer answer = proxy.get(path);
    EXPECT_EQ(answer.header("x-one"), "1") << path;
    EXPECT_EQ(answer.header("last-modified"), "never") << path;
    EXPECT_EQ(answer.header("cache-control"), "max-age=315360000") << path;
    EXPECT_EQ(answer.header("expires"), "Thu, 31 Dec 2037 23:55:55 GMT") << path;
  }
  const HttpAnswer missing = proxy.get("/missing");
  EXPECT_FALSE(missing.has("x-one"));
  EXPECT_FALSE(missing.has("expires"));
  EXPECT_EQ(missing.header("x-all"), "1");
}

TEST(Expires, ReplacesWhatThePeerSays) {
  const std::string theirs =
      "Expires: a\r\nCache-Control: b\r\nCache-Control: c\r\n"
      "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  const auto control = [&](const std::string& words) {
    return values(answered("expires " + words + ";", 200, theirs), "Cache-Control");
  };
  EXPECT_THAT(control("1h"), ElementsAre("max-age=3600"));
  EXPECT_THAT(control("0"), ElementsAre("max-age=0"));
  EXPECT_THAT(control("-1"), ElementsAre("no-cache"));
  EXPECT_THAT(control("epoch"), ElementsAre("no-cache"));
  EXPECT_THAT(control("modified 1d"), ElementsAre("no-cache"));
  EXPECT_THAT(control("$arg_life"), ElementsAre("max-age=300"));
  EXPECT_THAT(control("off"), ElementsAre("b", "c"));
  EXPECT_THAT(control("$arg_none"), ElementsAre("b", "c"));
  EXPECT_EQ(answered("expires modified 1d;", 200, theirs).header("expires"),
            "Mon, 07 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(answered("expires 1h;", 404, theirs).header("expires"), "a");
}

}  // namespace
}  // namespace sluice::tests
