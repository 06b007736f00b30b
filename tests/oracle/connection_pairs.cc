// SPDX-License-Identifier: MIT
// Connections of clients: when they are kept, several requests in one, and the limits.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kServer = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://@peer@; }
    location = /text { return 200 "text\n"; }
    location = /404 { return 404; }
    location = /500 { return 500; }
    location /one/ { keepalive_requests 1; return 200 "one"; }
    location /none/ { keepalive_timeout 0; return 200 "none"; }
    location /header/ { keepalive_timeout 60s 20s; return 200 "header"; }
  })";

const std::string kThree = "keepalive_requests 3;" + kServer;

std::string old(const std::string& target, const std::string& connection) {
  return request("GET " + target + " HTTP/1.0",
                 "Host: a.test\r\nConnection: " + connection + "\r\n");
}

std::vector<Pair> rows() {
  const std::vector<PeerAnswer> abc = {answer("a"), answer("b"), answer("c")};
  std::vector<Pair> pairs = {
      {"OneAfterAnother", kServer, {get("/1"), get("/2"), get("/3")}, abc},
      {"AllAtOnce", kServer, {get("/1") + get("/2") + get("/3")}, abc, 3},
      {"AllAtOnceAndClosed",
       kServer,
       {get("/1") + get("/2", "Connection: close\r\n") + get("/3")},
       abc,
       3},
      {"AllAtOnceAndOneIsBad", kServer, {get("/1") + "bad\r\n\r\n" + get("/3")}, abc, 3},
      {"AllAtOnceWithText", kServer, {get("/text") + get("/2") + get("/404")}, abc, 3},
      {"AllAtOnceWithAnError", kServer, {get("/text") + get("/500") + get("/2")}, abc, 3},
      {"AllAtOnceWithEmptyLines", kServer, {get("/text") + "\r\n" + get("/text")}, {}, 2},
      {"OldVersion", kServer, {request("GET / HTTP/1.0")}, abc},
      {"OldVersionKept", kServer, {old("/", "keep-alive"), old("/", "close")}, abc},
      {"OldVersionKeptInCapitals", kServer, {old("/", "Keep-Alive")}, abc},
      {"OldVersionKeptText", kServer, {old("/text", "keep-alive"), old("/text", "keep-alive")}},
      {"ThreeRequests", kThree, {get("/text"), get("/text"), get("/text"), get("/text")}},
      {"ThreeRequestsAtOnce",
       kThree,
       {get("/text") + get("/text") + get("/text") + get("/text")},
       {},
       4},
      {"OneRequestInThisLocation", kServer, {get("/one/"), get("/text")}},
      {"NoTimeoutInThisLocation", kServer, {get("/none/"), get("/text")}},
      {"TimeoutInAHeader", kServer, {get("/header/")}},
      {"TimeoutInAHeaderToOldClient", kServer, {old("/header/", "keep-alive")}},
      {"ClosedByTheClient", kServer, {get("/", "Connection: close\r\n")}, abc},
      {"ClosedByTheClientText", kServer, {get("/text", "Connection: close\r\n")}},
      {"ClosedAndKept", kServer, {get("/text", "Connection: close, keep-alive\r\n")}},
      {"ErrorIsKept", kServer, {get("/404"), get("/text")}},
      {"ServerErrorIsClosed", kServer, {get("/500"), get("/text")}},
      {"BadGatewayIsKept", kServer, {get("/"), get("/text")}, {then_close("")}},
      {"HalfAnAnswerIsClosed",
       kServer,
       {get("/"), get("/text")},
       {then_close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")}},
      {"HeadsAndGets", kServer, {request("HEAD /text HTTP/1.1"), get("/text")}},
      {"SecondRequestOfAnotherHost",
       kServer,
       {get("/text"), request("GET /text HTTP/1.1", "Host: b\r\n")}},
      {"PostThenGet", kServer, {post("/1", "hello"), get("/2")}, abc},
      {"PostToTextThenGet", kServer, {post("/text", "hello"), get("/text")}},
      {"PostToTextAndGetAtOnce", kServer, {post("/text", "hello") + get("/text")}, {}, 2},
      {"LargePostToTextThenGet", kServer, {post("/text", std::string(20000, 'a')), get("/text")}},
  };
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(Connections, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
