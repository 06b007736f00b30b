// SPDX-License-Identifier: MIT
#include "tests/oracle/answer_differences.h"

#include "tests/oracle/outcome.h"

namespace sluice::tests::oracle {
namespace {

const std::string kNearlyAnswer = "an answer that is nearly right";
const std::string kTwoTypes = "`Content-Type` twice in an answer";
const std::string kHopByHop = "`Upgrade`, `TE`, `Trailer`, `Proxy-Connection` in a peer's answer";
const std::string kInterim = "interim answers of a peer";

// Outcomes that several rows have.
const std::string kAsked = "peer: GET / HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n\n";
const std::string kBadGateway =
    "HTTP/1.1 502 Bad Gateway\nContent-Type: text/html\nContent-Length: *\nConnection: keep-alive\n"
    "body: page 502 Bad Gateway\nend: kept\n" +
    kAsked;
const std::string kBadGatewayClosed = refused("502 Bad Gateway") + kAsked;
const std::string kTaken =
    "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: keep-alive\nbody: ok\nend: kept\n" + kAsked;
const std::string kTakenUntilClose =
    "HTTP/1.1 200 OK\nConnection: close\nbody: ok\nend: closed\n" + kAsked;

}  // namespace

Differences answer_differences() {
  return {
      {"Status099",
       {kNearlyAnswer,
        "HTTP/1.1 099 Odd\nContent-Length: 2\nConnection: keep-alive\nbody: ok\nend: kept\n" +
            kAsked,
        kBadGateway}},
      {"Status000",
       {kNearlyAnswer,
        "HTTP/1.1 000 Odd\nContent-Length: 2\nConnection: keep-alive\nbody: ok\nend: kept\n" +
            kAsked,
        kBadGateway}},
      {"TwoBlanks", {kNearlyAnswer, kTaken, kBadGateway}},
      {"Version2", {kNearlyAnswer, kTaken, kBadGateway}},
      {"LengthTwiceTheSame", {kNearlyAnswer, kTaken, kBadGateway}},
      {"ChunkedAndLength",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: keep-alive\nbody: ok\nend: "
        "kept\n" +
            kAsked,
        kBadGateway}},
      {"CodingUnknown",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: keep-alive\nbody: ok\nend: "
        "kept\n" +
            kAsked,
        kBadGateway}},
      {"ChunkedTwice",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: keep-alive\nbody: ok\nend: "
        "kept\n" +
            kAsked,
        kBadGateway}},
      {"BareNewlines", {kNearlyAnswer, kTaken, kBadGateway}},
      {"TypeTwice",
       {kTwoTypes,
        "HTTP/1.1 200 OK\nContent-Type: c/d\nContent-Length: 0\nConnection: keep-alive\nend: "
        "kept\n" +
            kAsked,
        "HTTP/1.1 200 OK\nContent-Type: a/b\nContent-Length: 0\nConnection: keep-alive\nend: "
        "kept\n" +
            kAsked}},
      {"ConnectionHeaders",
       {kHopByHop,
        "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nProxy-Connection: "
        "keep-alive\nend: kept\n" +
            kAsked,
        passed("GET / HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n")}},
      {"HopByHop",
       {kHopByHop,
        "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nTrailer: A\nUpgrade: h2c\nTE: "
        "a\nProxy-Authenticate: Basic\nVia: 1.1 x\nend: kept\n" +
            kAsked,
        "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nProxy-Authenticate: "
        "Basic\nVia: "
        "1.1 x\nend: kept\n" +
            kAsked}},
      {"NoColon",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nX-A: \nend: kept\n" + kAsked,
        kBadGateway}},
      {"ControlInTheValue",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nX-A: b\\x01c\nend: kept\n" +
            kAsked,
        kBadGateway}},
      {"NoHttp",
       {kNearlyAnswer, "body: hello\\r\\n\\r\\n\nend: closed\n" + kAsked, kBadGatewayClosed}},
      {"OldestVersion",
       {kNearlyAnswer, "body: <p>hello\nend: closed\n" + kAsked, kBadGatewayClosed}},
      {"InLowerCase",
       {kNearlyAnswer,
        "body: http/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"EmptyLineInFront",
       {kNearlyAnswer,
        "body: \\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"ContinueAndNothing",
       {kInterim, "HTTP/1.1 100 Continue\nConnection: close\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"StatusOfTwoDigits",
       {kNearlyAnswer, "HTTP/1.1 20 OK\nContent-Length: 2\nbody: ok\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"StatusOfFourDigits",
       {kNearlyAnswer, "HTTP/1.1 2000 OK\nContent-Length: 2\nbody: ok\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"StatusOfLetters",
       {kNearlyAnswer, "HTTP/1.1 abc OK\nContent-Length: 2\nbody: ok\nend: closed\n" + kAsked,
        kBadGatewayClosed}},
      {"Continue",
       {kInterim,
        "HTTP/1.1 100 Continue\nConnection: close\nHTTP/1.1 200 OK\nContent-Length: 2\nbody: "
        "ok\nend: closed\n" +
            kAsked,
        "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\nbody: ok\nend: closed\n" + kAsked}},
      {"EarlyHints",
       {kInterim,
        "HTTP/1.1 103 Hints\nConnection: close\nLink: </a>\nend: more than was asked for: "
        "\"HTTP/1.1 "
        "200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok\"\n" +
            kAsked,
        "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\nbody: ok\nend: closed\n" + kAsked}},
      {"LengthTwiceDifferent",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nContent-Length: 3\nConnection: close\nbody: ok\n(broken off)\nend: "
        "closed\n" +
            kAsked,
        kBadGatewayClosed}},
      {"LengthOfLetters",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\nbody: ok\nend: closed\n" +
            kAsked,
        kBadGatewayClosed}},
      {"LengthWithMinus",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\nbody: ok\nend: closed\n" +
            kAsked,
        kBadGatewayClosed}},
      {"LengthWithPlus",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\nbody: ok\nend: closed\n" +
            kAsked,
        kBadGatewayClosed}},
      {"LengthInAList",
       {kNearlyAnswer,
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\nbody: ok\nend: closed\n" +
            kAsked,
        kBadGatewayClosed}},
  };
}

}  // namespace sluice::tests::oracle
