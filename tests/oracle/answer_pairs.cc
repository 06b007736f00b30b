// SPDX-License-Identifier: MIT
// What peers answer: status lines, framing, headers; and what of it the client gets.
#include "tests/oracle/answer_differences.h"
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
    }
    location /off/ {
      proxy_pass http://@peer@;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  })";

struct Bytes {
  const char* name;
  std::string bytes;
};

// The peer keeps its connection.
const Bytes kKept[] = {
    {"Ok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"OldVersion", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"OldVersionKept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"},
    {"OtherReason", "HTTP/1.1 200 Fine by me\r\nContent-Length: 2\r\n\r\nok"},
    {"NoReason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"},
    {"NoReasonAndNoBlank", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"},
    {"ReasonWithTopBytes", "HTTP/1.1 200 d\xc3\xa9j\xc3\xa0\r\nContent-Length: 2\r\n\r\nok"},
    {"UnknownStatus", "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok"},
    {"Status599", "HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok"},
    {"Status999", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok"},
    {"Status099", "HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok"},
    {"Status000", "HTTP/1.1 000 Odd\r\nContent-Length: 2\r\n\r\nok"},
    {"TwoBlanks", "HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"Version12", "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"Version2", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"NotFound", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"},
    {"ServerError", "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"},
    {"Unavailable", "HTTP/1.1 503 Later\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\nno"},
    {"Unauthorized",
     "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"a\"\r\nContent-Length: 2\r\n\r\nno"},
    {"Redirect", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"},
    {"RedirectToAnotherHost",
     "HTTP/1.1 302 Found\r\nLocation: http://b.test/\r\nContent-Length: 0\r\n\r\n"},
    {"RefreshAndLink",
     "HTTP/1.1 200 OK\r\nRefresh: 5; url=/a\r\nLink: </a>\r\nContent-Length: 0\r\n\r\n"},
    {"NoContent", "HTTP/1.1 204 No Content\r\n\r\n"},
    {"NoContentWithLength", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"},
    {"NoContentWithBody", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok"},
    {"NoContentWithChunks",
     "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"NotModified", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"},
    {"NotModifiedWithLength",
     "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\n"},
    {"ResetContent", "HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n"},
    {"NoBody", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
    {"LengthTwiceTheSame", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"},
    {"MoreThanItsLength", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore"},
    {"Chunked",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"},
    {"ChunkedInCapitals",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
    {"ChunkedWithExtension",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n"},
    {"ChunkedWithTrailer",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n"},
    {"ChunkedOfNothing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"ChunkedAndLength",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: "
     "2\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
    {"ChunkedAndMore",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nmore"},
    {"CodingUnknown",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
    {"ChunkedTwice",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
    {"BareNewlines", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"},
    {"TypeAndOthers",
     "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Type: text/x\r\nLast-Modified: Sun, 06 Nov 1994 "
     "08:49:37 GMT\r\nETag: \"a\"\r\nX-B: 2\r\nContent-Length: 0\r\n\r\n"},
    {"TypeWithCharset",
     "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n\r\n"},
    {"TypeTwice",
     "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n\r\n"},
    {"EncodingAndRanges",
     "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nAccept-Ranges: bytes\r\nVary: "
     "Accept\r\nContent-Length: 0\r\n\r\n"},
    {"CacheHeaders",
     "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nExpires: 0\r\nPragma: no-cache\r\nAge: "
     "5\r\nContent-Length: 0\r\n\r\n"},
    {"CacheControlTwice",
     "HTTP/1.1 200 OK\r\nCache-Control: a\r\nCache-Control: b\r\nContent-Length: 0\r\n\r\n"},
    {"CookiesTwice",
     "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nX: 1\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n"},
    {"Partial",
     "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/5\r\nContent-Length: 2\r\n\r\nok"},
    {"ServerAndDate",
     "HTTP/1.1 200 OK\r\nServer: peer/9\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: "
     "0\r\n\r\n"},
    {"HiddenByDefault",
     "HTTP/1.1 200 OK\r\nX-Pad: a\r\nX-Accel-Expires: 1\r\nX-Accel-Limit-Rate: "
     "0\r\nX-Accel-Buffering: no\r\nX-Accel-Charset: x\r\nContent-Length: 0\r\n\r\n"},
    {"ConnectionHeaders",
     "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=3\r\nProxy-Connection: "
     "keep-alive\r\nContent-Length: 0\r\n\r\n"},
    {"ConnectionNamesAHeader",
     "HTTP/1.1 200 OK\r\nConnection: X-A\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n"},
    {"HopByHop",
     "HTTP/1.1 200 OK\r\nTrailer: A\r\nUpgrade: h2c\r\nTE: a\r\nProxy-Authenticate: Basic\r\nVia: "
     "1.1 x\r\nContent-Length: 0\r\n\r\n"},
    {"EmptyValue", "HTTP/1.1 200 OK\r\nX-A:\r\nContent-Length: 0\r\n\r\n"},
    {"BlanksAroundTheValue", "HTTP/1.1 200 OK\r\nX-A:   b c   \r\nContent-Length: 0\r\n\r\n"},
    {"BlankBeforeTheColon", "HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 0\r\n\r\n"},
    {"UnderscoreInTheName", "HTTP/1.1 200 OK\r\nX_A: b\r\nContent-Length: 0\r\n\r\n"},
    {"NoColon", "HTTP/1.1 200 OK\r\nX-A\r\nContent-Length: 0\r\n\r\n"},
    {"NoName", "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n"},
    {"BlankInTheName", "HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 0\r\n\r\n"},
    {"Folded", "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n"},
    {"TopBytesInTheValue", "HTTP/1.1 200 OK\r\nX-A: \xc3\xa9\r\nContent-Length: 0\r\n\r\n"},
    {"ControlInTheValue",
     "HTTP/1.1 200 OK\r\nX-A: b\x01"
     "c\r\nContent-Length: 0\r\n\r\n"},
    {"NulInTheValue", std::string("HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 0\r\n\r\n", 49)},
    {"LargeHead",
     "HTTP/1.1 200 OK\r\nX-A: " + std::string(3000, 'a') + "\r\nContent-Length: 0\r\n\r\n"},
    {"HugeHead",
     "HTTP/1.1 200 OK\r\nX-A: " + std::string(9000, 'a') + "\r\nContent-Length: 0\r\n\r\n"},
    {"LargeBody", "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + std::string(300000, 'a')},
};

// The peer closes behind these.
const Bytes kClosed[] = {
    {"UntilClose", "HTTP/1.1 200 OK\r\n\r\nuntil the end"},
    {"UntilCloseInOldVersion", "HTTP/1.0 200 OK\r\nContent-Type: a/b\r\n\r\nuntil the end"},
    {"UntilCloseAndNothing", "HTTP/1.1 200 OK\r\n\r\n"},
    {"SaysClose", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"},
    {"Nothing", ""},
    {"HalfAStatusLine", "HTTP/1.1 20"},
    {"HalfAHead", "HTTP/1.1 200 OK\r\nContent-"},
    {"HalfABody", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"},
    {"HalfAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"},
    {"NoLastChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"},
    {"NoHttp", "hello\r\n\r\n"},
    {"OldestVersion", "<p>hello"},
    {"InLowerCase", "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"EmptyLineInFront", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"ContinueAndNothing", "HTTP/1.1 100 Continue\r\n\r\n"},
    {"StatusOfTwoDigits", "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"StatusOfFourDigits", "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"StatusOfLetters", "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nok"},
    {"Continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"EarlyHints",
     "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    {"LengthTwiceDifferent", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"},
    {"LengthOfLetters", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"},
    {"LengthWithMinus", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok"},
    {"LengthWithPlus", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"},
    {"LengthInAList", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok"},
};

std::string head_request(const std::string& target) {
  return request("HEAD " + target + " HTTP/1.1");
}

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Bytes& row : kKept) pairs.push_back({row.name, kProxy, {get("/")}, {row.bytes}});
  for (const Bytes& row : kClosed) {
    pairs.push_back(
        {row.name, kProxy, {get("/", "Connection: close\r\n")}, {then_close(row.bytes)}});
  }
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  const std::string old_get = request("GET / HTTP/1.0");
  const std::vector<Pair> others = {
      {"HeadWithLength",
       kProxy,
       {head_request("/")},
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}},
      {"HeadWithoutLength", kProxy, {head_request("/")}, {"HTTP/1.1 200 OK\r\n\r\n"}},
      {"HeadWithChunked",
       kProxy,
       {head_request("/")},
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}},
      {"HeadWithBody",
       kProxy,
       {head_request("/")},
       {then_close("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")}},
      {"HeadOfAnError",
       kProxy,
       {head_request("/")},
       {"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n"}},
      {"ChunkedToOldClient", kProxy, {old_get}, {chunked}},
      {"ChunkedToOldClientThatKeeps",
       kProxy,
       {request("GET / HTTP/1.0", "Connection: keep-alive\r\n")},
       {chunked}},
      {"LengthToOldClient", kProxy, {old_get}, {answer("ok")}},
      {"LengthToOldClientThatKeeps",
       kProxy,
       {request("GET / HTTP/1.0", "Connection: keep-alive\r\n")},
       {answer("ok")}},
      {"UntilCloseToOldClient", kProxy, {old_get}, {then_close("HTTP/1.1 200 OK\r\n\r\nok")}},
      {"NotModifiedToOldClient", kProxy, {old_get}, {"HTTP/1.1 304 Not Modified\r\n\r\n"}},
      {"ResetInstead", kProxy, {get("/")}, {then_reset("")}},
      {"ResetInTheBody",
       kProxy,
       {get("/")},
       {then_reset("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")}},
      {"UnbufferedLength", kProxy, {get("/off/")}, {answer("ok")}},
      {"UnbufferedChunks", kProxy, {get("/off/")}, {chunked}},
      {"UnbufferedUntilClose", kProxy, {get("/off/")}, {then_close("HTTP/1.1 200 OK\r\n\r\nok")}},
      {"UnbufferedHead",
       kProxy,
       {head_request("/off/")},
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}},
      {"UnbufferedHalf",
       kProxy,
       {get("/off/")},
       {then_close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")}},
      {"RangeOfAnAnswerWithLength",
       kProxy,
       {get("/", "Range: bytes=0-0\r\n")},
       {answer("ok", "Accept-Ranges: bytes\r\nETag: \"a\"\r\n")}},
      {"ConditionTheAnswerFulfils",
       kProxy,
       {get("/", "If-None-Match: \"a\"\r\n")},
       {answer("ok", "ETag: \"a\"\r\n")}},
      {"ConditionOfTimeTheAnswerFulfils",
       kProxy,
       {get("/", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n")},
       {answer("ok", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n")}},
  };
  pairs.insert(pairs.end(), others.begin(), others.end());
  return with(pairs, answer_differences());
}

INSTANTIATE_TEST_SUITE_P(Answers, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
