// SPDX-License-Identifier: MIT
// X-Accel-Redirect: a peer lets another location answer; and `internal`, which is for those.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

Step told(const std::string& target, const std::string& headers = "",
          const std::string& body = "") {
  return respond(200, body, "X-Accel-Redirect: " + target + "\r\n" + headers);
}

// A peer for /, and inner locations with these lines.
struct Example {
  TempFolder folder;
  ScriptedPeer peer;
  RunningProxy proxy;

  Example(std::initializer_list<Step> steps, const std::string& lines = "",
          const std::string& locations = "")
      : peer(steps),
        proxy("server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() +
              "; " + lines + " } location /files/ { internal; root " + folder.path().string() +
              "; } location @named { return 200 \"named $uri $upstream_http_x_peer\"; } " +
              locations + " }") {
    folder.write("files/a b.html", "the file");
  }
};

TEST(AccelRedirect, SendsAFileInThePeersPlace) {
  const Example setup{{told("/files/a%20b.html?x=y", "", "not this")}};
  const HttpAnswer answer = setup.proxy.get("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "the file");
  EXPECT_EQ(answer.header("content-length"), "8");
  EXPECT_FALSE(answer.has("x-accel-redirect"));
}

TEST(AccelRedirect, TakesSomeHeadersOfThePeerAlong) {
  const Example setup{{told("/files/a%20b.html",
                            "Content-Type: a/b\r\nSet-Cookie: c=d; path=/\r\nX-Other: 1\r\n"
                            "Cache-Control: private\r\nContent-Disposition: attachment\r\n")},
                      "proxy_cookie_path / /c;"};
  const HttpAnswer answer = setup.proxy.get("/");
  EXPECT_EQ(answer.header("content-type"), "a/b");
  EXPECT_EQ(answer.header("set-cookie"), "c=d; path=/c");
  EXPECT_EQ(answer.header("cache-control"), "private");
  EXPECT_EQ(answer.header("content-disposition"), "attachment");
  EXPECT_FALSE(answer.has("x-other"));
}

TEST(AccelRedirect, ForgetsThemBeforeTheNextRequest) {
  const Example setup{{told("/files/a%20b.html", "Set-Cookie: c=d\r\nContent-Type: a/b\r\n"),
                       told("/files/a%20b.html")}};
  HttpClient client = setup.proxy.client();
  EXPECT_TRUE(client.get("/").has("set-cookie"));
  const HttpAnswer second = client.get("/");
  EXPECT_FALSE(second.has("set-cookie"));
  EXPECT_EQ(second.header("content-type"), "text/html");
}

TEST(AccelRedirect, GoesToANamedLocationWhichSeesThePeersHeaders) {
  const Example setup{{told("@named", "X-Peer: yes\r\n")}};
  EXPECT_EQ(setup.proxy.get("/x").body, "named /x yes");
}

TEST(AccelRedirect, AsksAnotherPeerWithAGet) {
  ScriptedPeer other{respond(200, "other")};
  const Example setup{{told("/other/y?z", "X-Token: t\r\n")},
                      "",
                      "location /other/ { internal; proxy_pass http://" + other.address() +
                          "; proxy_set_header X-Token $upstream_http_x_token; }"};
  HttpClient client = setup.proxy.client();
  EXPECT_EQ(client.request("POST", "/x", "", "body").body, "other");
  const PeerRequest request = other.wait_for_requests(1).at(0);
  EXPECT_EQ(request.line(), "GET /other/y?z HTTP/1.1");
  EXPECT_EQ(request.header("x-token"), "t");
}

TEST(AccelRedirect, AnswersAHeadWithTheHead) {
  const Example setup{{raw("HTTP/1.1 200 OK\r\nX-Accel-Redirect: /files/a%20b.html\r\n\r\n")}};
  HttpClient client = setup.proxy.client();
  const HttpAnswer answer = client.request("HEAD", "/");
  EXPECT_EQ(answer.header("content-length"), "8");
  EXPECT_EQ(answer.body, "");
}

TEST(AccelRedirect, GoesNowhereUnsafe) {
  Example setup{{told("/files/../secret"), told("/files/%2E%2e/secret"), told("relative"),
                 told("/files/none"), told("@nobody")}};
  EXPECT_EQ(setup.proxy.get("/").status, 404);
  EXPECT_EQ(setup.proxy.get("/").status, 404);
  EXPECT_EQ(setup.proxy.get("/").status, 404);
  EXPECT_TRUE(setup.proxy.wait_for_log("unsafe URI \"relative\" was detected"));
  EXPECT_EQ(setup.proxy.get("/").status, 404);
  EXPECT_EQ(setup.proxy.get("/").status, 500);
}

TEST(AccelRedirect, EndsWhenItGoesInCircles) {
  Example setup{{told("/again")}};
  EXPECT_EQ(setup.proxy.get("/").status, 500);
  EXPECT_TRUE(setup.proxy.wait_for_log("internal redirection cycle"));
}

TEST(AccelRedirect, IsPassedByWhenIgnored) {
  const Example setup{{told("/files/a%20b.html", "", "peer")},
                      "proxy_ignore_headers X-Accel-Redirect;"};
  EXPECT_EQ(setup.proxy.get("/").body, "peer");
}

TEST(AccelLimitRate, HoldsForWhateverIsSentThen) {
  const std::string limit = "X-Accel-Limit-Rate: 50000\r\n";
  const std::string body(75'000, 'x');
  const Example example{{respond(200, body, limit), told("/files/big", limit)}};
  example.folder.write("files/big", body);
  for (int i = 0; i < 2; ++i) {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(example.proxy.get("/").body.size(), body.size());
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(400));
  }
}

TEST(Internal, IsNotThereForClients) {
  const Example setup{{respond(200)},
                      "",
                      "location /in { internal; location /in/deeper { return 200; } } "
                      "location /try { try_files /none /in/deeper; } "
                      "location /ret { internal; return 200; }"};
  EXPECT_EQ(setup.proxy.get("/files/a%20b.html").status, 404);
  EXPECT_EQ(setup.proxy.get("/in/deeper").status, 404);
  EXPECT_EQ(setup.proxy.get("/ret").status, 404);
  EXPECT_EQ(setup.proxy.get("/try").status, 200);
}

}  // namespace
}  // namespace sluice::tests
