// SPDX-License-Identifier: MIT
// Bodies of requests: where they end, what the peer gets of them, and what is refused.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kProxy = R"(
  server {
    listen @listen@;
    client_max_body_size 100;
    lingering_timeout 50ms;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://@peer@; }
    location /old/ { proxy_pass http://@peer@; proxy_http_version 1.0; }
    location /any/ { proxy_pass http://@peer@; client_max_body_size 0; }
    location /length/ {
      proxy_pass http://@peer@;
      proxy_set_header Connection "";
      proxy_set_header X-Length "$content_length|$http_content_length|$content_type";
    }
    location = /fixed { return 200 "fixed\n"; }
  })";

struct Body {
  const char* name;
  std::string lines;
  std::string bytes = "";
};

const Body kBodies[] = {
    {"NoLength", ""},
    {"LengthOfNothing", "Content-Length: 0\r\n"},
    {"Length", "Content-Length: 5\r\n", "hello"},
    {"LengthWithZeros", "Content-Length: 0005\r\n", "hello"},
    {"LengthWithPlus", "Content-Length: +5\r\n", "hello"},
    {"LengthWithMinus", "Content-Length: -5\r\n", "hello"},
    {"LengthInHex", "Content-Length: 0x5\r\n", "hello"},
    {"LengthWithTail", "Content-Length: 5a\r\n", "hello"},
    {"LengthWithBlankInside", "Content-Length: 5 5\r\n", "hello"},
    {"LengthWithBlanksAround", "Content-Length:  5  \r\n", "hello"},
    {"LengthWithDot", "Content-Length: 5.0\r\n", "hello"},
    {"LengthEmpty", "Content-Length:\r\n", ""},
    {"LengthTwice", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello"},
    {"LengthTwiceDifferent", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello"},
    {"LengthInAList", "Content-Length: 5, 5\r\n", "hello"},
    {"LengthOfTooManyDigits", "Content-Length: 99999999999999999999\r\n", "hello"},
    {"LengthTooLarge", "Content-Length: 101\r\n", std::string(101, 'a')},
    {"LengthJustAllowed", "Content-Length: 100\r\n", std::string(100, 'a')},
    {"Chunked", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedInCapitals", "Transfer-Encoding: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedOfSeveral", "Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n003\r\nllo\r\n0\r\n\r\n"},
    {"ChunkedOfNothing", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"},
    {"ChunkedWithHexInCapitals", "Transfer-Encoding: chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n"},
    {"ChunkedWithExtension", "Transfer-Encoding: chunked\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithBlankBehindTheSize", "Transfer-Encoding: chunked\r\n", "5 \r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithTrailer", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r\n"},
    {"ChunkedTooLarge", "Transfer-Encoding: chunked\r\n",
     "65\r\n" + std::string(101, 'a') + "\r\n0\r\n\r\n"},
    {"ChunkedJustAllowed", "Transfer-Encoding: chunked\r\n",
     "64\r\n" + std::string(100, 'a') + "\r\n0\r\n\r\n"},
    {"ChunkedWithBadSize", "Transfer-Encoding: chunked\r\n", "g\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithMinus", "Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithPrefixOfHex", "Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithBlankInFront", "Transfer-Encoding: chunked\r\n", " 5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithHugeSize", "Transfer-Encoding: chunked\r\n",
     "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedThatIsTooLong", "Transfer-Encoding: chunked\r\n", "4\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedWithBareNewlines", "Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n"},
    {"ChunkedAndLength", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
     "5\r\nhello\r\n0\r\n\r\n"},
    {"LengthAndChunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
     "5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedTwice", "Transfer-Encoding: chunked, chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedTwiceInTwoLines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
     "5\r\nhello\r\n0\r\n\r\n"},
    {"Gzipped", "Transfer-Encoding: gzip\r\n", "hello"},
    {"GzippedAndChunked", "Transfer-Encoding: gzip, chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"ChunkedAndGzipped", "Transfer-Encoding: chunked, gzip\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"Identity", "Transfer-Encoding: identity\r\n"},
    {"IdentityAndLength", "Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello"},
    {"CodingUnknown", "Transfer-Encoding: xchunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"CodingEmpty", "Transfer-Encoding:\r\n", ""},
    {"CodingQuoted", "Transfer-Encoding: \"chunked\"\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"CodingWithTab", "Transfer-Encoding:\tchunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
    {"LengthWithUnderscore", "Content_Length: 5\r\nContent-Length: 5\r\n", "hello"},
};

std::string post_of(const Body& body, const std::string& target = "/") {
  return request("POST " + target + " HTTP/1.1", "Host: a.test\r\n" + body.lines) + body.bytes;
}

const std::string kChunked = "Transfer-Encoding: chunked\r\n";
const std::string kHello = "5\r\nhello\r\n0\r\n\r\n";

const std::string kChunks = "a chunked body that is nearly right";
const std::string kCodings = "a list of transfer codings, or an empty one";
const std::string kTabs = "a tab before the value of a header";
const std::string kLookalikes = "a header that only looks like `Content-Length`";
const std::string kUnread = "a body that nobody reads";
const std::string kContinue = "`100 Continue`";

const Differences kDifferences = {
    {"ChunkedWithBlankBehindTheSize",
     {kChunks, passed("POST / HTTP/1.1\\r\\nHost: PEER\\r\\nContent-Length: 5\\r\\n\\r\\nhello"),
      refused("400 Bad Request")}},
    {"ChunkedWithBareNewlines",
     {kChunks, passed("POST / HTTP/1.1\\r\\nHost: PEER\\r\\nContent-Length: 5\\r\\n\\r\\nhello"),
      refused("400 Bad Request")}},
    {"ChunkedTwice", {kCodings, refused("501 Not Implemented"), refused("400 Bad Request")}},
    {"GzippedAndChunked", {kCodings, refused("501 Not Implemented"), refused("400 Bad Request")}},
    {"ChunkedAndGzipped", {kCodings, refused("501 Not Implemented"), refused("400 Bad Request")}},
    {"IdentityAndLength", {kCodings, refused("501 Not Implemented"), refused("400 Bad Request")}},
    {"CodingEmpty", {kCodings, refused("501 Not Implemented"), refused("400 Bad Request")}},
    {"CodingWithTab",
     {kTabs, refused("501 Not Implemented"),
      passed("POST / HTTP/1.1\\r\\nHost: PEER\\r\\nContent-Length: 5\\r\\n\\r\\nhello")}},
    {"LengthWithUnderscore",
     {kLookalikes,
      passed("POST / HTTP/1.1\\r\\nHost: PEER\\r\\nContent-Length: 5\\r\\n\\r\\nhello"),
      refused("400 Bad Request")}},
    {"ChunksNobodyReadsAreBroken",
     {kUnread, refused("400 Bad Request"),
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 6\n"
      "Connection: close\n"
      "body: fixed\\n"
      "\n"
      "end: closed\n"}},
    {"ContinueWithTheBodyAtOnce",
     {kContinue,
      "HTTP/1.1 100 Continue\n"
      "HTTP/1.1 200 OK\n"
      "Content-Length: 0\n"
      "Connection: keep-alive\n"
      "end: kept\n"
      "peer: POST / HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "Content-Length: 5\\r\\n"
      "\\r\\n"
      "hello\n",
      passed("POST / HTTP/1.1\\r\\nHost: PEER\\r\\nContent-Length: 5\\r\\n\\r\\nhello")}},
    {"ContinueWithoutBody",
     {kContinue,
      "HTTP/1.1 100 Continue\n"
      "HTTP/1.1 200 OK\n"
      "Content-Length: 0\n"
      "Connection: keep-alive\n"
      "end: kept\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n",
      passed("GET / HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n")}},
    {"ContinueForABodyNobodyReads",
     {kUnread,
      "HTTP/1.1 100 Continue\n"
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 6\n"
      "Connection: keep-alive\n"
      "body: fixed\\n"
      "\n"
      "end: kept\n",
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 6\n"
      "Connection: close\n"
      "body: fixed\\n"
      "\n"
      "end: closed\n"}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Body& body : kBodies) pairs.push_back({body.name, kProxy, {post_of(body)}});
  const std::string expect = "Expect: 100-continue\r\n";
  const std::vector<Pair> others = {
      {"NoLengthButBytes", kProxy, {request("POST / HTTP/1.1") + "hello"}, {}, 2},
      {"GetWithBody", kProxy, {get("/", "Content-Length: 5\r\n") + "hello"}},
      {"GetWithChunks", kProxy, {get("/", kChunked) + kHello}},
      {"HeadWithBody",
       kProxy,
       {request("HEAD / HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n") + "hello"}},
      {"DeleteWithBody",
       kProxy,
       {request("DELETE / HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n") + "hello"}},
      {"PutWithoutLength", kProxy, {request("PUT / HTTP/1.1")}},
      {"OldVersionWithBody",
       kProxy,
       {request("POST / HTTP/1.0", "Host: a\r\nContent-Length: 5\r\n") + "hello"}},
      {"OldVersionWithoutLength", kProxy, {request("POST / HTTP/1.0", "Host: a\r\n")}},
      {"OldVersionWithChunks",
       kProxy,
       {request("POST / HTTP/1.0", "Host: a\r\n" + kChunked) + kHello}},
      {"ToAnOldPeerWithBody", kProxy, {post("/old/", "hello")}},
      {"ToAnOldPeerWithChunks", kProxy, {post_of({"", kChunked, kHello}, "/old/")}},
      {"AnySize", kProxy, {post("/any/", std::string(9000, 'a'))}},
      {"AnySizeChunked",
       kProxy,
       {post_of({"", kChunked, "64\r\n" + std::string(100, 'a') + "\r\n" + kHello}, "/any/")}},
      {"LengthInVariables", kProxy, {post("/length/", "hello", "Content-Type: a/b\r\n")}},
      {"ChunksInVariables", kProxy, {post_of({"", kChunked, kHello}, "/length/")}},
      {"BodyNobodyReads", kProxy, {post("/fixed", "hello")}},
      {"ChunksNobodyReads", kProxy, {post_of({"", kChunked, kHello}, "/fixed")}},
      {"ChunksNobodyReadsAreBroken", kProxy, {post_of({"", kChunked, "x\r\n"}, "/fixed")}},
      {"BodyNobodyReadsTooLarge", kProxy, {post("/fixed", std::string(101, 'a'))}},
      {"TwoAtOnce", kProxy, {post("/1", "hello") + get("/2")}, {answer("1"), answer("2")}, 2},
      {"TwoAtOnceWithChunks",
       kProxy,
       {post_of({"", kChunked, kHello}) + get("/2")},
       {answer("1"), answer("2")},
       2},
      {"Continued",
       kProxy,
       {request("POST / HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n" + expect), "hello"}},
      {"ContinuedWithChunks",
       kProxy,
       {request("POST / HTTP/1.1", "Host: a\r\n" + kChunked + expect), kHello}},
      {"ContinuedInCapitals",
       kProxy,
       {request("POST / HTTP/1.1", "Host: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n"),
        "hello"}},
      {"ContinueWithTheBodyAtOnce",
       kProxy,
       {request("POST / HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n" + expect) + "hello"}},
      {"ContinueWithoutBody", kProxy, {get("/", expect)}},
      {"ContinueInOldVersion",
       kProxy,
       {request("POST / HTTP/1.0", "Host: a\r\nContent-Length: 5\r\n" + expect) + "hello"}},
      {"ContinueForATooLargeBody",
       kProxy,
       {request("POST / HTTP/1.1", "Host: a\r\nContent-Length: 101\r\n" + expect)}},
      {"ContinueForABodyNobodyReads",
       kProxy,
       {request("POST /fixed HTTP/1.1", "Host: a\r\nContent-Length: 5\r\n" + expect), "hello"}},
      {"ExpectationUnknown", kProxy, {post("/", "hello", "Expect: more\r\n")}},
      {"BodyBreaksOff", kProxy, {post_of({"", "Content-Length: 9\r\n", "hello"})}, {}, 1, true},
      {"ChunksBreakOff", kProxy, {post_of({"", kChunked, "5\r\nhel"})}, {}, 1, true},
  };
  pairs.insert(pairs.end(), others.begin(), others.end());
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Bodies, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
