// SPDX-License-Identifier: MIT
// Ranges and conditions: of files, and of a peer's answer with proxy_force_ranges.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kFiles = R"(
  server {
    listen @listen@;
    root @root@;
    location = /page.html { max_ranges 1; }
    location = /app.js { max_ranges 0; }
    location = /data.unknown { etag off; if_modified_since before; add_header X-A b; }
    location /sub/ { if_modified_since off; expires epoch; }
    location /peer/ { proxy_pass http://@peer@; proxy_http_version 1.1; proxy_set_header Connection ""; }
    location /forced/ {
      proxy_pass http://@peer@; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_force_ranges on;
    }
    location /never/ {
      proxy_pass http://@peer@; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_force_ranges on; max_ranges 0;
    }
  })";

struct Row {
  const char* name;
  std::string text;
  std::vector<PeerAnswer> peer = {};
};

std::string range(const std::string& target, const std::string& ranges,
                  const std::string& lines = "") {
  return get(target, "Range: bytes=" + ranges + "\r\n" + lines);
}

const std::string kTime = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string kEarlier = "Sun, 06 Nov 1984 08:49:37 GMT";
const std::string kLater = "Sun, 06 Nov 2044 08:49:37 GMT";
const std::string kTag = "\"2ebc98a1-b\"";
const std::string kTen = "0123456789";

const std::vector<Row> kRows = {
    {"Offered", get("/plain.txt")},
    {"One", range("/plain.txt", "2-4")},
    {"FromTheEnd", range("/plain.txt", "-3")},
    {"FromTheEndBeyond", range("/plain.txt", "-30")},
    {"FromTheEndNothing", range("/plain.txt", "-0")},
    {"Open", range("/plain.txt", "8-")},
    {"Outside", range("/plain.txt", "50-60")},
    {"BeyondTheEnd", range("/plain.txt", "8-60")},
    {"TheLastByte", range("/plain.txt", "10-10")},
    {"Backwards", range("/plain.txt", "5-2")},
    {"Garbage", range("/plain.txt", "x")},
    {"GarbageBehind", range("/plain.txt", "1-2,x")},
    {"Nothing", range("/plain.txt", "")},
    {"Blanks", range("/plain.txt", " 1 - 2 , 4 - 5")},
    {"TooLarge", range("/plain.txt", "0-99999999999999999999")},
    {"OtherUnit", get("/plain.txt", "Range: lines=1-2\r\n")},
    {"Capitals", get("/plain.txt", "Range: BYTES=1-2\r\n")},
    {"OfAnEmptyFile", range("/empty.txt", "0-1")},
    {"FromTheEndOfAnEmptyFile", range("/empty.txt", "-1")},
    {"BehindAnEmptyFile", range("/empty.txt", "1-")},
    {"Two", range("/plain.txt", "0-1,3-4")},
    {"TwoOtherWayRound", range("/plain.txt", "3-4,0-1")},
    {"TwoThatAreTheSame", range("/plain.txt", "1-2,1-2")},
    {"TwoAndTheTag", range("/plain.txt", "0-1,3-4", "If-Range: " + kTag + "\r\n")},
    {"OneOutside", range("/plain.txt", "50-60,3-4")},
    {"Overlapping", range("/plain.txt", "0-8,2-10")},
    {"Head", request("HEAD /plain.txt HTTP/1.1", "Host: a\r\nRange: bytes=2-4\r\n")},
    {"HeadOfTwo", request("HEAD /plain.txt HTTP/1.1", "Host: a\r\nRange: bytes=0-1,3-4\r\n")},
    {"HeadOutside", request("HEAD /plain.txt HTTP/1.1", "Host: a\r\nRange: bytes=50-\r\n")},
    {"OldClient", request("GET /plain.txt HTTP/1.0", "Range: bytes=2-4\r\n")},
    {"OfWhatIsMissing", range("/missing", "0-1")},
    {"MoreThanAllowed", range("/page.html", "0-1,3-4")},
    {"AsManyAsAllowed", range("/page.html", "3-4")},
    {"NoneAllowed", range("/app.js", "3-4")},
    {"NoneAllowedOutside", range("/app.js", "300-")},
    {"WithAddedHeaders", range("/data.unknown", "1-2")},
    {"WithExpires", range("/sub/page.html", "1-2")},
    {"IfRangeTag", range("/plain.txt", "2-4", "If-Range: " + kTag + "\r\n")},
    {"IfRangeOtherTag", range("/plain.txt", "2-4", "If-Range: \"x\"\r\n")},
    {"IfRangeTime", range("/plain.txt", "2-4", "If-Range: " + kTime + "\r\n")},
    {"IfRangeLater", range("/plain.txt", "2-4", "If-Range: " + kLater + "\r\n")},
    {"IfRangeGarbage", range("/plain.txt", "2-4", "If-Range: x\r\n")},
    {"IfRangeTagWithoutATag", range("/data.unknown", "1-2", "If-Range: \"x\"\r\n")},
    {"IfRangeOutside", range("/plain.txt", "50-", "If-Range: \"x\"\r\n")},
    {"UnchangedComesFirst", range("/plain.txt", "2-4", "If-None-Match: " + kTag + "\r\n")},
    {"IfMatch", get("/plain.txt", "If-Match: \"x\", " + kTag + "\r\n")},
    {"IfMatchAny", get("/plain.txt", "If-Match: *\r\n")},
    {"IfMatchOther", get("/plain.txt", "If-Match: \"other\"\r\n")},
    {"IfMatchWithoutATag", get("/data.unknown", "If-Match: *\r\n")},
    {"IfUnmodified", get("/plain.txt", "If-Unmodified-Since: " + kTime + "\r\n")},
    {"IfUnmodifiedLater", get("/plain.txt", "If-Unmodified-Since: " + kLater + "\r\n")},
    {"IfUnmodifiedEarlier", get("/plain.txt", "If-Unmodified-Since: " + kEarlier + "\r\n")},
    {"NoTag", get("/data.unknown")},
    {"NoTagToMatch", get("/data.unknown", "If-None-Match: \"x\"\r\n")},
    {"NoTagButAny", get("/data.unknown", "If-None-Match: *\r\n")},
    {"BeforeSame", get("/data.unknown", "If-Modified-Since: " + kTime + "\r\n")},
    {"BeforeLater", get("/data.unknown", "If-Modified-Since: " + kLater + "\r\n")},
    {"BeforeEarlier", get("/data.unknown", "If-Modified-Since: " + kEarlier + "\r\n")},
    {"SinceIsOff", get("/sub/page.html", "If-Modified-Since: " + kTime + "\r\n")},

    {"OfAPeerThatKnowsThem",
     range("/peer/", "2-4"),
     {{"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: bytes 2-4/10\r\n\r\n"
       "234"}}},
    {"OfAPeerThatDoesNot", range("/peer/", "2-4"), {answer(kTen, "Accept-Ranges: none\r\n")}},
    {"Forced", range("/forced/", "2-4"), {answer(kTen, "Accept-Ranges: none\r\nX-A: b\r\n")}},
    {"ForcedToTheEnd", range("/forced/", "8-"), {answer(kTen)}},
    {"ForcedFromTheEnd", range("/forced/", "-3"), {answer(kTen)}},
    {"ForcedFirst", range("/forced/", "0-0"), {answer(kTen)}},
    {"ForcedWhole", range("/forced/", "0-"), {answer(kTen)}},
    {"ForcedTwo", range("/forced/", "0-1,3-4"), {answer(kTen)}},
    {"ForcedOutside", range("/forced/", "50-"), {answer(kTen)}},
    {"ForcedUnasked", get("/forced/"), {answer(kTen, "Accept-Ranges: none\r\n")}},
    {"ForcedOfNothing", range("/forced/", "0-1"), {answer("")}},
    {"ForcedIfRange",
     range("/forced/", "2-4", "If-Range: \"a\"\r\n"),
     {answer(kTen, "ETag: \"a\"\r\n")}},
    {"ForcedIfRangeOther",
     range("/forced/", "2-4", "If-Range: \"b\"\r\n"),
     {answer(kTen, "ETag: \"a\"\r\n")}},
    {"ForcedIfRangeTime",
     range("/forced/", "2-4", "If-Range: " + kTime + "\r\n"),
     {answer(kTen, "Last-Modified: " + kTime + "\r\n")}},
    {"ForcedOfChunks",
     range("/forced/", "2-4"),
     {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n"}}},
    {"ForcedOfA404",
     range("/forced/", "2-4"),
     {{"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\n0123456789"}}},
    {"ForcedOfA206",
     range("/forced/", "2-4"),
     {{"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: bytes 2-4/10\r\n\r\n"
       "234"}}},
    {"ForcedHead",
     request("HEAD /forced/ HTTP/1.1", "Host: a\r\n"),
     {{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}}},
    {"ForcedButNoneAllowed", range("/never/", "2-4"), {answer(kTen, "Accept-Ranges: none\r\n")}},
};

const std::string kFailed =
    "HTTP/1.1 412 Precondition Failed\nContent-Type: text/html\nContent-Length: *\nConnection: "
    "keep-alive\nbody: page 412 Precondition Failed\n";
const Documented kKept{"412", kFailed + "end: closed\n", kFailed + "end: kept\n"};

const Differences kDifferences = {
    {"IfMatchOther", kKept},
    {"IfUnmodifiedEarlier", kKept},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Row& row : kRows) pairs.push_back({row.name, kFiles, {row.text}, row.peer});
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Ranges, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
