// SPDX-License-Identifier: MIT
// Headers of requests: syntax, Host, and what is passed on.
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
      proxy_set_header X-Host "$host|$http_host|$http_a|$http_a_b|$cookie_c";
    }
  })";

const std::string kUnderscores = "underscores_in_headers on;" + kProxy;
const std::string kInvalidPassed = "ignore_invalid_headers off;" + kProxy;
const std::string kSmallHeads =
    "client_header_buffer_size 256; large_client_header_buffers 2 1k;" + kProxy;

struct Lines {
  const char* name;
  std::string text;
};

// With a Host before them.
const Lines kHeaders[] = {
    {"None", ""},
    {"Usual", "User-Agent: tester\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"},
    {"NamesInOtherCase", "USER-AGENT: a\r\naccept: b\r\n"},
    {"Twice", "A: 1\r\nB: 2\r\nA: 3\r\n"},
    {"CookieTwice", "Cookie: a=b\r\nCookie: c=d\r\n"},
    {"ForwardedTwice", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n"},
    {"EmptyValue", "A:\r\n"},
    {"BlanksOnly", "A:   \r\n"},
    {"BlanksAround", "A:  b c  \r\n"},
    {"NoBlank", "A:b\r\n"},
    {"TabBeforeTheValue", "A:\tb\r\n"},
    {"TabInside", "A: b\tc\r\n"},
    {"ColonsInside", "A: b:c: d\r\n"},
    {"NoColon", "A\r\nB: 1\r\n"},
    {"NoName", ": a\r\nB: 1\r\n"},
    {"BlankBeforeTheColon", "A : b\r\n"},
    {"BlankInTheName", "A B: c\r\n"},
    {"BlankInFront", " A: b\r\n"},
    {"Folded", "A: b\r\n c\r\n"},
    {"Underscore", "A_B: c\r\n"},
    {"Dot", "A.B: c\r\n"},
    {"Dollar", "A$B: c\r\n"},
    {"Digits", "1A2: c\r\n"},
    {"Bracket", "A(b): c\r\n"},
    {"TopByteInTheName", "A\xe9: c\r\n"},
    {"TopByteInTheValue", "A: \xc3\xa9\r\n"},
    {"ControlInTheValue",
     "A: b\x01"
     "c\r\n"},
    {"NulInTheValue", std::string("A: b\0c\r\n", 8)},
    {"NulInTheName", std::string("A\0b: c\r\n", 8)},
    {"ReturnInTheValue", "A: b\rc\r\n"},
    {"BareNewline", "A: b\nC: d\r\n"},
    {"KeepAlive", "Connection: keep-alive\r\nKeep-Alive: 5\r\n"},
    {"Close", "Connection: close\r\n"},
    {"CloseInCapitals", "Connection: CLOSE\r\n"},
    {"CloseAmongOthers", "Connection: foo, close\r\n"},
    {"ConnectionNamesAHeader", "Connection: A\r\nA: b\r\n"},
    {"ConnectionTwice", "Connection: keep-alive\r\nConnection: close\r\n"},
    {"Te", "TE: trailers\r\n"},
    {"Trailer", "Trailer: a\r\n"},
    {"Upgrade", "Upgrade: h2c\r\nConnection: Upgrade\r\n"},
    {"ProxyConnection", "Proxy-Connection: keep-alive\r\n"},
    {"Authorization", "Authorization: Basic YTpi\r\nProxy-Authorization: c\r\n"},
    {"Range", "Range: bytes=0-1\r\nIf-Range: \"a\"\r\n"},
    {"Conditions", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nIf-None-Match: \"a\"\r\n"},
    {"Via", "Via: 1.1 other\r\nMax-Forwards: 1\r\n"},
    {"Date", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"},
    {"HostTwice", "Host: b.test\r\n"},
    {"HostTwiceTheSame", "Host: a.test\r\n"},
    {"LongValue", "A: " + std::string(4000, 'b') + "\r\n"},
    {"TooLongValue", "A: " + std::string(9000, 'b') + "\r\n"},
    {"TooLongName", std::string(9000, 'a') + ": b\r\n"},
};

// Instead of the usual Host.
const Lines kHosts[] = {
    {"NoHost", ""},
    {"EmptyHost", "Host:\r\n"},
    {"HostInCapitals", "HOST: A.TEST\r\n"},
    {"HostWithPort", "Host: a.test:8080\r\n"},
    {"HostWithEmptyPort", "Host: a.test:\r\n"},
    {"HostWithDotBehind", "Host: a.test.\r\n"},
    {"HostWithTwoDots", "Host: a..test\r\n"},
    {"HostOfADot", "Host: .\r\n"},
    {"HostOfAPort", "Host: :80\r\n"},
    {"HostWithUnderscore", "Host: a_b.test\r\n"},
    {"HostWithAddress", "Host: 127.0.0.1\r\n"},
    {"HostWithAddressOfSix", "Host: [::1]:80\r\n"},
    {"HostWithBracketOpen", "Host: [::1\r\n"},
    {"HostWithSlash", "Host: a/b\r\n"},
    {"HostWithBackslash", "Host: a\\b\r\n"},
    {"HostWithBlank", "Host: a b\r\n"},
    {"HostWithTab", "Host: a\tb\r\n"},
    {"HostWithUser", "Host: me@a.test\r\n"},
    {"HostWithQuestionMark", "Host: a?b\r\n"},
    {"HostWithHash", "Host: a#b\r\n"},
    {"HostWithAngle", "Host: a<b>\r\n"},
    {"HostWithQuote", "Host: a\"b\r\n"},
    {"HostWithPortOfLetters", "Host: a.test:http\r\n"},
    {"HostWithTwoPorts", "Host: a.test:1:2\r\n"},
    {"HostWithComma", "Host: a.test,b.test\r\n"},
    {"HostWithPercent", "Host: a%20b\r\n"},
    {"HostWithTopBytes", "Host: \xc3\xa9.test\r\n"},
    {"HostWithNul", std::string("Host: a\0b\r\n", 11)},
};

const std::string kRepeated =
    "`$http_NAME`, `$sent_http_NAME` of a header that comes several times";
const std::string kTabs = "a tab before the value of a header";
const std::string kNearlyRight = "a request line or head that is nearly right";
const std::string kProxyConnection = "a client's `Proxy-Connection`";
const std::string kOddHosts = "host names with";

const Differences kDifferences = {
    {"Twice",
     {kRepeated,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|1||\\r\\nHost: PEER\\r\\nA: 1\\r\\nB: "
             "2\\r\\nA: 3\\r\\n\\r\\n"),
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|1, 3||\\r\\nHost: PEER\\r\\nA: 1\\r\\nB: "
             "2\\r\\nA: 3\\r\\n\\r\\n")}},
    {"TabBeforeTheValue",
     {kTabs,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|\\x09b||\\r\\nHost: PEER\\r\\nA: "
             "\\x09b\\r\\n\\r\\n"),
      passed(
          "GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|b||\\r\\nHost: PEER\\r\\nA: b\\r\\n\\r\\n")}},
    {"NoColon",
     {kNearlyRight,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|||\\r\\nHost: PEER\\r\\nA: \\r\\nB: "
             "1\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"ControlInTheValue",
     {kNearlyRight,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|b\\x01c||\\r\\nHost: PEER\\r\\nA: "
             "b\\x01c\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"BareNewline",
     {kNearlyRight,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|b||\\r\\nHost: PEER\\r\\nA: b\\r\\nC: "
             "d\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"ProxyConnection",
     {kProxyConnection,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|||\\r\\nHost: PEER\\r\\nProxy-Connection: "
             "keep-alive\\r\\n\\r\\n"),
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|||\\r\\nHost: PEER\\r\\n\\r\\n")}},
    {"HostWithBracketOpen",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: [::1|[::1|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithBackslash",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: a\\b|a\\b|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithUser",
     {kOddHosts,
      passed("GET / HTTP/1.1\\r\\nX-Host: me@a.test|me@a.test|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithQuestionMark",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: a?b|a?b|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithHash",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: a#b|a#b|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithAngle",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: a<b>|a<b>|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithQuote",
     {kOddHosts, passed("GET / HTTP/1.1\\r\\nX-Host: a\"b|a\"b|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithPortOfLetters",
     {kOddHosts,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test:http|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"HostWithTwoPorts",
     {kOddHosts,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test:1:2|||\\r\\nHost: PEER\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
    {"UnderscoreAndMinusAllowed",
     {kRepeated,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test||c|\\r\\nHost: PEER\\r\\nA_B: c\\r\\nA-B: "
             "d\\r\\n\\r\\n"),
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test||c, d|\\r\\nHost: PEER\\r\\nA_B: "
             "c\\r\\nA-B: d\\r\\n\\r\\n")}},
    {"InvalidTopBytePassed",
     {kNearlyRight,
      passed("GET / HTTP/1.1\\r\\nX-Host: a.test|a.test|||\\r\\nHost: PEER\\r\\nA\\xe9: "
             "c\\r\\n\\r\\n"),
      refused("400 Bad Request")}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Lines& lines : kHeaders) pairs.push_back({lines.name, kProxy, {get("/", lines.text)}});
  for (const Lines& lines : kHosts) {
    pairs.push_back({lines.name, kProxy, {request("GET / HTTP/1.1", lines.text)}});
  }
  pairs.push_back({"NoHostInOldVersion", kProxy, {request("GET / HTTP/1.0", "")}});
  pairs.push_back({"EmptyHostInOldVersion", kProxy, {request("GET / HTTP/1.0", "Host:\r\n")}});
  pairs.push_back({"HostBesideAbsoluteForm", kProxy, {get("http://b.test:81/a")}});
  pairs.push_back(
      {"NoHostBesideAbsoluteForm", kProxy, {request("GET http://b.test/ HTTP/1.1", "")}});
  for (const Lines& lines :
       {Lines{"UnderscoreAllowed", "A_B: c\r\n"}, Lines{"UnderscoreInFrontAllowed", "_A: c\r\n"},
        Lines{"UnderscoreAndMinusAllowed", "A_B: c\r\nA-B: d\r\n"}}) {
    pairs.push_back({lines.name, kUnderscores, {get("/", lines.text)}});
  }
  for (const Lines& lines :
       {Lines{"InvalidDotPassed", "A.B: c\r\n"}, Lines{"InvalidDollarPassed", "A$B: c\r\n"},
        Lines{"InvalidUnderscorePassed", "A_B: c\r\n"},
        Lines{"InvalidTopBytePassed", "A\xe9: c\r\n"}}) {
    pairs.push_back({lines.name, kInvalidPassed, {get("/", lines.text)}});
  }
  for (const Lines& lines :
       {Lines{"SmallHeadFits", "A: " + std::string(800, 'b') + "\r\n"},
        Lines{"SmallHeadsLineTooLong", "A: " + std::string(1100, 'b') + "\r\n"},
        Lines{"SmallHeadsLinesTooMany", "A: " + std::string(800, 'b') +
                                            "\r\nB: " + std::string(800, 'b') +
                                            "\r\nC: " + std::string(800, 'b') + "\r\n"}}) {
    pairs.push_back({lines.name, kSmallHeads, {get("/", lines.text)}});
  }
  pairs.push_back({"SmallHeadsTargetFits", kSmallHeads, {get("/" + std::string(800, 'a'))}});
  pairs.push_back({"SmallHeadsTargetTooLong", kSmallHeads, {get("/" + std::string(1100, 'a'))}});
  std::string many;
  for (int i = 0; i < 60; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  pairs.push_back({"ManyHeaders", kProxy, {get("/", many)}});
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Headers, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
