// SPDX-License-Identifier: MIT
// Answers made by the proxy itself: `return` in its forms, and the page of every status.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kReturns = R"(
  server {
    listen @listen@;
    server_name a.test;
    location = /text { return 200 "text\n"; }
    location = /empty { return 200 ""; }
    location = /code { return 200; }
    location = /quoted { return 200 'a "b" \'c\' \n'; }
    location = /variables { return 200 "$request_method $uri $args $host $scheme $http_x_none|$arg_a"; }
    location = /braces { return 200 "${uri}x$args"; }
    location = /typed { default_type application/json; return 200 '{"a":1}'; }
    location = /untyped { default_type ""; return 200 "x"; }
    location = /nocontent { return 204; }
    location = /nocontent-text { return 204 "x"; }
    location = /created { return 201 "made"; }
    location = /odd { return 299 "odd"; }
    location = /odd-code { return 299; }
    location = /notmodified { return 304; }
    location = /missing-text { return 404 "gone\n"; }
    location = /error-text { return 500 "broken\n"; }
    location = /close { return 444; }
    location = /teapot { return 418; }
    location = /url { return http://b.test$request_uri; }
    location = /url-301 { return 301 http://b.test/; }
    location = /url-https { return 301 https://$host$request_uri; }
    location = /path-301 { return 301 /elsewhere; }
    location = /path-302 { return 302 /elsewhere?a=b; }
    location = /path-303 { return 303 /elsewhere; }
    location = /path-307 { return 307 /elsewhere; }
    location = /path-308 { return 308 /elsewhere; }
    location = /path-variable { return 302 $uri/; }
    location = /relative-301 { return 301 elsewhere; }
    location = /noport { port_in_redirect off; return 301 /elsewhere; }
    location = /named { server_name_in_redirect on; return 301 /elsewhere; }
    location = /notabsolute { absolute_redirect off; return 301 /elsewhere; }
    location = /tokens { server_tokens off; return 404; }
    location = /chars { return 200 "tab\tquote\"back\\slash"; }
    location /codes/ {
      location = /codes/400 { return 400; }
      location = /codes/401 { return 401; }
      location = /codes/402 { return 402; }
      location = /codes/403 { return 403; }
      location = /codes/404 { return 404; }
      location = /codes/405 { return 405; }
      location = /codes/406 { return 406; }
      location = /codes/407 { return 407; }
      location = /codes/408 { return 408; }
      location = /codes/409 { return 409; }
      location = /codes/410 { return 410; }
      location = /codes/411 { return 411; }
      location = /codes/412 { return 412; }
      location = /codes/413 { return 413; }
      location = /codes/414 { return 414; }
      location = /codes/415 { return 415; }
      location = /codes/416 { return 416; }
      location = /codes/417 { return 417; }
      location = /codes/421 { return 421; }
      location = /codes/422 { return 422; }
      location = /codes/426 { return 426; }
      location = /codes/429 { return 429; }
      location = /codes/451 { return 451; }
      location = /codes/494 { return 494; }
      location = /codes/495 { return 495; }
      location = /codes/497 { return 497; }
      location = /codes/498 { return 498; }
      location = /codes/499 { return 499; }
      location = /codes/500 { return 500; }
      location = /codes/501 { return 501; }
      location = /codes/502 { return 502; }
      location = /codes/503 { return 503; }
      location = /codes/504 { return 504; }
      location = /codes/505 { return 505; }
      location = /codes/506 { return 506; }
      location = /codes/507 { return 507; }
      location = /codes/508 { return 508; }
      location = /codes/100 { return 100; }
      location = /codes/206 { return 206; }
      location = /codes/300 { return 300; }
      location = /codes/301 { return 301; }
      location = /codes/302 { return 302; }
      location = /codes/307 { return 307; }
    }
  })";

const char* const kPaths[] = {
    "text",        "empty",       "code",          "quoted",         "variables?a=1", "braces?b",
    "typed",       "untyped",     "nocontent",     "nocontent-text", "created",       "odd",
    "odd-code",    "notmodified", "missing-text",  "error-text",     "close",         "teapot",
    "url?a",       "url-301",     "url-https?a=b", "path-301",       "path-302",      "path-303",
    "path-307",    "path-308",    "path-variable", "relative-301",   "noport",        "named",
    "notabsolute", "tokens",      "chars"};

const char* const kCodes[] = {"400", "401", "402", "403", "404", "405", "406", "407", "408",
                              "409", "410", "411", "412", "413", "414", "415", "416", "417",
                              "421", "422", "426", "429", "451", "494", "495", "497", "498",
                              "499", "500", "501", "502", "503", "504", "505", "506", "507",
                              "508", "206", "300", "301", "302", "307"};

const std::string kServerLevel = R"(
  server {
    listen @listen@;
    return 301 https://$host$request_uri;
    location / { return 200 "never"; }
  })";

const std::string kReturnNothing = "`return` with a code that wants more";
const std::string kTimeOut = "408";

const Differences kDifferences = {
    {"Notmodified",
     {kReturnNothing,
      "HTTP/1.1 304 Not Modified\n"
      "Content-Type: text/plain\n"
      "Content-Length: 0\n"
      "Connection: keep-alive\n"
      "end: kept\n",
      "HTTP/1.1 304 Not Modified\n"
      "Content-Type: text/plain\n"
      "Connection: keep-alive\n"
      "end: kept\n"}},
    {"Code408",
     {kTimeOut, "end: closed\n",
      "HTTP/1.1 408 Request Time-out\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "body: page 408 Request Time-out\n"
      "end: kept\n"}},
    {"Code301",
     {kReturnNothing,
      "HTTP/1.1 301 Moved Permanently\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "Location: \n"
      "body: page 301 Moved Permanently\n"
      "end: kept\n",
      "HTTP/1.1 301 Moved Permanently\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "body: page 301 Moved Permanently\n"
      "end: kept\n"}},
    {"Code302",
     {kReturnNothing,
      "HTTP/1.1 302 Moved Temporarily\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "Location: \n"
      "body: page 302 Found\n"
      "end: kept\n",
      "HTTP/1.1 302 Moved Temporarily\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "body: page 302 Found\n"
      "end: kept\n"}},
    {"Code307",
     {kReturnNothing,
      "HTTP/1.1 307 Temporary Redirect\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "Location: \n"
      "body: page 307 Temporary Redirect\n"
      "end: kept\n",
      "HTTP/1.1 307 Temporary Redirect\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: keep-alive\n"
      "body: page 307 Temporary Redirect\n"
      "end: kept\n"}},
};

std::string camel(std::string text) {
  std::string name;
  bool upper = true;
  for (const char c : text) {
    if (c == '?') break;
    if (c == '-') {
      upper = true;
    } else {
      name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return name;
}

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const std::string path : kPaths) {
    pairs.push_back({camel(path), kReturns, {get("/" + path)}});
  }
  for (const std::string code : kCodes) {
    pairs.push_back({"Code" + code, kReturns, {get("/codes/" + code)}});
  }
  const std::vector<Pair> others = {
      {"HeadOfText", kReturns, {request("HEAD /text HTTP/1.1")}},
      {"HeadOfAPage", kReturns, {request("HEAD /codes/404 HTTP/1.1")}},
      {"HeadOfARedirect", kReturns, {request("HEAD /path-301 HTTP/1.1")}},
      {"TextToOldClient", kReturns, {request("GET /text HTTP/1.0")}},
      {"TextToOldClientThatKeeps",
       kReturns,
       {request("GET /text HTTP/1.0", "Connection: keep-alive\r\n")}},
      {"RedirectOfOldClientWithoutHost", kReturns, {request("GET /path-301 HTTP/1.0", "")}},
      {"RedirectWithHostAndPort",
       kReturns,
       {request("GET /path-301 HTTP/1.1", "Host: b.test:81\r\n")}},
      {"RangeOfText", kReturns, {get("/text", "Range: bytes=0-1\r\n")}},
      {"MethodNotKnownToText", kReturns, {request("BREW /text HTTP/1.1")}},
      {"PostToText", kReturns, {post("/text", "hello")}},
      {"TraceOfText", kReturns, {request("TRACE /text HTTP/1.1")}},
      {"ServerLevel", kServerLevel, {get("/a?b=c")}},
      {"ServerLevelWithBadPath", kServerLevel, {get("/..")}},
      {"LineBreakInTheRedirect", kReturns, {get("/path-variable%0d%0aX")}},
  };
  pairs.insert(pairs.end(), others.begin(), others.end());
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Returns, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
