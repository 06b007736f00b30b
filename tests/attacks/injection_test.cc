// SPDX-License-Identifier: MIT
// Line ends that hide in escapes until a variable decodes them: no header and no request line may
// be made of them.
#include <gtest/gtest.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests::attacks {
namespace {

constexpr std::string_view kEvil =
    "a%0d%0aX-Evil:%20b%0d%0a%0d%0aGET%20/evil%20HTTP/1.1%00"
    "%0aX-Evil:%20c";
// NUL in a path is refused before.
const std::string kPath = [] {
  std::string path{kEvil};
  path.erase(path.find("%00"), 3);
  return path;
}();

std::string site(const ScriptedPeer& peer) {
  return "server { listen 127.0.0.1:0; "
         "location /moved/ { return 301 https://other$uri; } "
         "location /here/ { return 302 $uri; } "
         "location /caught/ { location ~ ^/caught/([^?]*)$ { return 307 /x/$1; } } "
         "location /text/ { return 200 $uri; } "
         "location /set/ { proxy_set_header X-Path $uri; proxy_set_header Host $arg_host; "
         "proxy_pass http://" +
         peer.address() + "; } location /replaced/ { proxy_pass http://" + peer.address() +
         "/peer/; } location /tried/ { try_files /nothing /index?path=$uri; } "
         "location = /index { proxy_pass http://" +
         peer.address() + "; } }";
}

class Injection : public testing::Test {
 protected:
  ScriptedPeer peer_{respond(200, "ok")};
  RunningProxy proxy_{site(peer_)};
};

TEST_F(Injection, IntoALocationIsEscaped) {
  for (const char* prefix : {"/moved/", "/here/", "/caught/"}) {
    const HttpAnswer answer = proxy_.get(prefix + kPath);
    EXPECT_EQ(answer.status / 100, 3) << prefix;
    EXPECT_FALSE(answer.has("x-evil")) << answer.head;
    const std::string location = answer.header("location");
    EXPECT_NE(location.find("a%0D%0AX-Evil:%20b%0D%0A%0D%0AGET"), std::string::npos) << location;
  }
}

TEST_F(Injection, IntoABodyStaysInTheBody) {
  HttpClient client = proxy_.client();
  const HttpAnswer answer = client.get("/text/" + kPath);
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.has("x-evil"));
  EXPECT_EQ(client.get("/text/x").body, "/text/x");
}

TEST_F(Injection, IntoAHeaderOfThePeerBecomesBlanks) {
  EXPECT_EQ(proxy_.get("/set/" + kPath + "?host=a%0d%0aX-Evil:b").status, 200);
  const PeerRequest request = peer_.wait_for_requests(1).at(0);
  EXPECT_EQ(request.header("X-Evil"), std::nullopt) << request.head;
  EXPECT_EQ(request.header("X-Path"), "/set/a  X-Evil: b    GET /evil HTTP/1.1 X-Evil: c");
  EXPECT_EQ(request.header("Host"), "a%0d%0aX-Evil:b");  // arguments are not decoded
  EXPECT_EQ(peer_.requests().size(), 1u);
}

TEST_F(Injection, IntoThePeersRequestLineIsEscaped) {
  EXPECT_EQ(proxy_.get("/replaced/" + kPath).status, 200);
  EXPECT_EQ(proxy_.get("/tried/" + kPath).status, 200);
  const std::vector<PeerRequest> requests = peer_.wait_for_requests(2);
  const std::string escaped =
      "a%0D%0AX-Evil:%20b%0D%0A%0D%0AGET%20/evil%20HTTP/1.1%0AX-Evil:%20c HTTP/1.1";
  EXPECT_EQ(requests[0].line(), "GET /peer/" + escaped);
  EXPECT_EQ(requests[1].line(), "GET /index?path=/tried/" + escaped);
  for (const PeerRequest& request : requests) {
    EXPECT_EQ(request.header("X-Evil"), std::nullopt) << request.head;
  }
}

}  // namespace
}  // namespace sluice::tests::attacks
