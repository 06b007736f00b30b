// SPDX-License-Identifier: MIT
// Request lines: methods, versions, and what is around them.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kProxy = R"(
  server {
    listen @listen@;
    location / {
      proxy_pass http://@peer@;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Seen "$request_method $server_protocol";
    }
  })";

struct Line {
  const char* name;
  std::string text;
};

const Line kLines[] = {
    {"Get", "GET / HTTP/1.1"},
    {"Head", "HEAD / HTTP/1.1"},
    {"Put", "PUT / HTTP/1.1"},
    {"Delete", "DELETE / HTTP/1.1"},
    {"Options", "OPTIONS /a HTTP/1.1"},
    {"OptionsOfAll", "OPTIONS * HTTP/1.1"},
    {"Patch", "PATCH / HTTP/1.1"},
    {"Mkcol", "MKCOL / HTTP/1.1"},
    {"Propfind", "PROPFIND / HTTP/1.1"},
    {"UnknownMethod", "BREW / HTTP/1.1"},
    {"MethodWithUnderscore", "A_B / HTTP/1.1"},
    {"MethodWithMinus", "M-SEARCH / HTTP/1.1"},
    {"MethodWithDigit", "GET2 / HTTP/1.1"},
    {"MethodInLowerCase", "get / HTTP/1.1"},
    {"LongMethod", std::string(60, 'A') + " / HTTP/1.1"},
    {"Trace", "TRACE / HTTP/1.1"},
    {"Connect", "CONNECT b.test:80 HTTP/1.1"},
    {"Version10", "GET / HTTP/1.0"},
    {"Version12", "GET / HTTP/1.2"},
    {"Version19", "GET / HTTP/1.9"},
    {"Version1", "GET / HTTP/1"},
    {"Version110", "GET / HTTP/1.10"},
    {"Version0101", "GET / HTTP/01.01"},
    {"Version199", "GET / HTTP/1.99"},
    {"Version1000", "GET / HTTP/1.1000"},
    {"Version20", "GET / HTTP/2.0"},
    {"Version09", "GET / HTTP/0.9"},
    {"VersionOfNothing", "GET / HTTP/"},
    {"VersionInLowerCase", "GET / http/1.1"},
    {"VersionWithTail", "GET / HTTP/1.1a"},
    {"SpaceBehind", "GET / HTTP/1.1 "},
    {"TwoSpaces", "GET  / HTTP/1.1"},
    {"TwoSpacesBeforeTheVersion", "GET /  HTTP/1.1"},
    {"SpaceInTheTarget", "GET /a b HTTP/1.1"},
    {"SpaceInTheArgs", "GET /a?b c HTTP/1.1"},
    {"TabInsteadOfSpace", "GET\t/ HTTP/1.1"},
    {"TabInTheTarget", "GET /a\tb HTTP/1.1"},
    {"SpaceInFront", " GET / HTTP/1.1"},
    {"NoTarget", "GET HTTP/1.1"},
    {"NoVersion", "GET /"},
    {"OnlyAMethod", "GET"},
    {"ControlInTheTarget", "GET /a\x01 HTTP/1.1"},
    {"DeleteInTheTarget", "GET /a\x7f HTTP/1.1"},
    {"NulInTheTarget", std::string("GET /a\0b HTTP/1.1", 18)},
    {"ReturnInTheTarget", "GET /a\rb HTTP/1.1"},
    {"Garbage", "\x16\x03\x01\x02"},
};

const std::string kConnect = "`CONNECT`";
const std::string kNearlyRight = "a request line or head that is nearly right";
const std::string kOldest = "HTTP/0.9";

const Differences kDifferences = {
    {"Connect", {kConnect, refused("400 Bad Request"), refused("405 Not Allowed")}},
    {"Version110",
     {kNearlyRight,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 2\n"
      "Connection: keep-alive\n"
      "body: ok\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET HTTP/1.10\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"Version199",
     {kNearlyRight,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 2\n"
      "Connection: keep-alive\n"
      "body: ok\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET HTTP/1.99\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"SpaceBehind",
     {kNearlyRight,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 2\n"
      "Connection: keep-alive\n"
      "body: ok\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET HTTP/1.1 \\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"TwoSpaces",
     {kNearlyRight,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 2\n"
      "Connection: keep-alive\n"
      "body: ok\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"TwoSpacesBeforeTheVersion",
     {kNearlyRight,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 2\n"
      "Connection: keep-alive\n"
      "body: ok\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"NoVersion",
     {kOldest,
      "body: ok\n"
      "end: closed\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET \\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
    {"BareNewlines",
     {kNearlyRight, passed("GET / HTTP/1.1\\r\\nX-Seen: GET HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"OldestVersion",
     {kOldest,
      "end: closed\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "X-Seen: GET \\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      refused("400 Bad Request")}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Line& line : kLines) {
    pairs.push_back({line.name, kProxy, {request(line.text)}, {answer("ok")}});
  }
  pairs.push_back({"EmptyLineInFront", kProxy, {"\r\n" + get("/")}});
  pairs.push_back({"EmptyLinesInFront", kProxy, {"\r\n\r\n" + get("/")}});
  pairs.push_back({"BareNewlines", kProxy, {"GET / HTTP/1.1\nHost: a.test\n\n"}});
  pairs.push_back({"OldestVersion", kProxy, {"GET /\r\n"}});
  pairs.push_back({"LineThatIsTooLong", kProxy, {get("/" + std::string(9000, 'a'))}});
  pairs.push_back({"NothingAndThenTheEnd", kProxy, {""}, {}, 1, true});
  pairs.push_back({"HalfALineAndThenTheEnd", kProxy, {"GET / HT"}, {}, 1, true});
  pairs.push_back({"HalfAHeadAndThenTheEnd", kProxy, {"GET / HTTP/1.1\r\nHost: a"}, {}, 1, true});
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(RequestLines, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
