// SPDX-License-Identifier: MIT
// The head of a peer's answer on its way to the client: hidden, passed and rewritten headers.
#include <gmock/gmock.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::string> all(const HttpAnswer& answer, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : answer.headers) {
    if (key.size() == name.size() && ::strncasecmp(key.data(), name.data(), name.size()) == 0) {
      values.push_back(value);
    }
  }
  return values;
}

// What the client gets of these headers; PEER stands for the peer's address.
HttpAnswer passed_on(const std::string& lines, std::string headers,
                     const std::string& location = "/one/", const std::string& uri = "/two/") {
  std::string address;
  ScriptedPeer peer{[&](PeerConnection& connection) {
    if (connection.read_request()) {
      std::string text = headers;
      for (std::size_t at = 0; (at = text.find("PEER", at)) != std::string::npos;) {
        text.replace(at, 4, address);
      }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + text + "\r\nok");
    }
  }};
  address = peer.address();
  const RunningProxy proxy{"server { listen 127.0.0.1:0; server_name self.example; location " +
                           location + " { proxy_pass http://" + address + uri + "; " + lines +
                           " } }"};
  HttpAnswer answer = proxy.get("/one/x?to=there", "Host: client.example\r\n");
  EXPECT_EQ(answer.body, "ok");
  // The port of the proxy is the system's choice.
  for (auto& [name, value] : answer.headers) {
    const std::string port = ":" + std::to_string(proxy.port());
    if (const std::size_t at = value.find(port); at != std::string::npos) {
      value.replace(at, port.size(), ":PORT");
    }
  }
  return answer;
}

std::string redirected(const std::string& lines, const std::string& to,
                       const std::string& location = "/one/", const std::string& uri = "/two/") {
  return passed_on(lines, "Location: " + to + "\r\n", location, uri).header("location");
}

TEST(ProxyRedirect, TurnsRedirectsToThePeerIntoRedirectsToHereByDefault) {
  EXPECT_EQ(redirected("", "http://PEER/two/a?b"), "http://client.example:PORT/one/a?b");
  EXPECT_EQ(redirected("proxy_redirect default;", "http://PEER/two/"),
            "http://client.example:PORT/one/");
  EXPECT_EQ(redirected("", "http://PEER/a", "/", ""), "http://client.example:PORT/a");
}

TEST(ProxyRedirect, LeavesOthersAlone) {
  for (const char* to : {"/two/a", "http://other.example/two/", "x", ""}) {
    EXPECT_EQ(redirected("", to), to);
  }
}

TEST(ProxyRedirect, CanBeSwitchedOff) {
  EXPECT_THAT(redirected("proxy_redirect off;", "http://PEER/two/a"), StartsWith("http://127."));
}

TEST(ProxyRedirect, ReplacesTextsWithVariablesByTheFirstThatFits) {
  const std::string lines =
      "proxy_redirect http://$proxy_host/never/ /no/; proxy_redirect http://a/ https://$host/b/; "
      "proxy_redirect http:// x;";
  EXPECT_EQ(redirected(lines, "http://a/c"), "https://client.example/b/c");
}

TEST(ProxyRedirect, ReplacesTheWholeValueWhereARegexFits) {
  EXPECT_EQ(redirected("proxy_redirect ~^http://a:(\\d+)/(?<rest>.*)$ /$1/$rest?$arg_to;",
                       "http://a:90/c/d"),
            "http://client.example:PORT/90/c/d?there");
  EXPECT_EQ(redirected("proxy_redirect ~*^HTTP://A/ https://b/;", "http://a/lost"), "https://b/");
  EXPECT_EQ(redirected("proxy_redirect ~^HTTP://A/ https://b/;", "http://a/same"), "http://a/same");
}

TEST(ProxyRedirect, LeavesTheLocationsOwnCaptureAlone) {
  EXPECT_EQ(redirected("proxy_redirect ~^(.).*$ /$1$name;", "zzz", "~ ^/(?<name>one)", ""),
            "http://client.example:PORT/zone");
}

TEST(ProxyRedirect, SaysWhereWeAreAsTheConfigurationWantsIt) {
  const std::string to = "http://PEER/two/";
  EXPECT_EQ(redirected("absolute_redirect off;", to), "/one/");
  EXPECT_EQ(redirected("port_in_redirect off;", to), "http://client.example/one/");
  EXPECT_EQ(redirected("server_name_in_redirect on;", to), "http://self.example:PORT/one/");
}

TEST(ProxyRedirect, ChangesARefreshBehindItsUrl) {
  const auto refresh = [](const std::string& value) {
    return passed_on("", "Refresh: " + value + "\r\n").header("refresh");
  };
  EXPECT_EQ(refresh("5; URL=http://PEER/two/a"), "5; URL=/one/a");
  EXPECT_EQ(refresh("5; url=http://other/"), "5; url=http://other/");
  EXPECT_EQ(refresh("5"), "5");
}

TEST(ProxyCookies, GetAnotherDomainPathAndFlags) {
  const HttpAnswer answer = passed_on(
      "proxy_cookie_domain localhost example.org; proxy_cookie_domain ~^(.+)\\.lan$ $1.example; "
      "proxy_cookie_path /two/ /one/; proxy_cookie_path ~*^/API(.*)$ /v$arg_to$1; "
      "proxy_cookie_flags session secure httponly samesite=lax; "
      "proxy_cookie_flags ~^plain nosecure;",
      "Set-Cookie: session=1; Path=/two/a;Domain=.localhost\r\n"
      "Set-Cookie: plain=2; Secure; path=/api/x; domain=a.lan\r\n"
      "Set-Cookie: other=3;Path=/three;  Max-Age=5\r\n");
  EXPECT_THAT(
      all(answer, "set-cookie"),
      ElementsAre("session=1; Path=/one/a; Domain=.example.org; Secure; HttpOnly; SameSite=Lax",
                  "plain=2; path=/vthere/x; domain=a.example", "other=3;Path=/three;  Max-Age=5"));
}

TEST(ProxyHeaders, OfTheProxyAloneAreHidden) {
  const HttpAnswer answer = passed_on(
      "", "Server: peer\r\nDate: yesterday\r\nX-Pad: 1\r\nX-Accel-Charset: a\r\nX-Other: 1\r\n");
  EXPECT_THAT(all(answer, "server"), ElementsAre(StartsWith("sluice")));
  EXPECT_EQ(answer.count("date"), 1U);
  EXPECT_FALSE(answer.has("x-pad"));
  EXPECT_FALSE(answer.has("x-accel-charset"));
  EXPECT_EQ(answer.header("x-other"), "1");
}

TEST(ProxyHeaders, MayBePassedAll) {
  const HttpAnswer answer = passed_on(
      "proxy_pass_header Server; proxy_pass_header date; proxy_pass_header X-Pad; "
      "proxy_hide_header X-Pad;",
      "Server: peer\r\nDate: yesterday\r\nX-Pad: 1\r\n");
  EXPECT_THAT(all(answer, "server"), ElementsAre("peer"));
  EXPECT_THAT(all(answer, "date"), ElementsAre("yesterday"));
  EXPECT_EQ(answer.header("x-pad"), "1");
}

TEST(ProxyHeaders, ThatArePassedAreNotReplacedWhereThePeerHasNone) {
  const HttpAnswer answer = passed_on("proxy_pass_header Server; proxy_pass_header Date;", "");
  EXPECT_FALSE(answer.has("server"));  // as nginx does
  EXPECT_FALSE(answer.has("date"));
}

TEST(ProxyHeaders, AreHiddenByName) {
  const HttpAnswer answer = passed_on(
      "proxy_hide_header X-Powered-By; proxy_hide_header set-cookie; "
      "proxy_hide_header Content-Type; proxy_hide_header Content-Length;",
      "X-Powered-By: x\r\nSet-Cookie: a=b\r\nContent-Type: a/b\r\nETag: \"a\"\r\n");
  EXPECT_FALSE(answer.has("x-powered-by"));
  EXPECT_FALSE(answer.has("set-cookie"));
  EXPECT_FALSE(answer.has("content-type"));
  EXPECT_EQ(answer.header("content-length"), "2") << "it frames the body";
  EXPECT_EQ(answer.header("etag"), "\"a\"");
}

TEST(ProxyHeaders, OfThePeersConnectionStayThere) {
  const HttpAnswer answer = passed_on(
      "proxy_pass_header Keep-Alive;",
      "Keep-Alive: timeout=1\r\nUpgrade: h2c\r\nTE: x\r\nTrailer: X-T\r\nProxy-Connection: a\r\n");
  for (const char* name : {"keep-alive", "upgrade", "te", "trailer", "proxy-connection"}) {
    EXPECT_FALSE(answer.has(name)) << name;
  }
}

TEST(OwnRedirects, SayWhereWeAreAsTheConfigurationWantsIt) {
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; server_name self.example; "
      "location /on { return 301 /a; } "
      "location /off { absolute_redirect off; return 301 /a; } "
      "location /portless { port_in_redirect off; return 301 /a; } "
      "location /named { server_name_in_redirect on; return 301 /a; } "
      "location /split { return 301 /$uri; } }"};
  const std::string port = std::to_string(proxy.port());
  const auto to = [&](const char* path) {
    return proxy.get(path, "Host: client.example\r\n").header("location");
  };
  EXPECT_EQ(to("/on"), "http://client.example:" + port + "/a");
  EXPECT_EQ(to("/off"), "/a");
  EXPECT_EQ(to("/portless"), "http://client.example/a");
  EXPECT_EQ(to("/named"), "http://self.example:" + port + "/a");
  EXPECT_FALSE(proxy.get("/split%0d%0aX-Evil:1").has("x-evil"));
}

}  // namespace
}  // namespace sluice::tests
