// SPDX-License-Identifier: MIT
// Files below root, index, try_files and conditions.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kFiles = R"(
  types { text/html html; text/plain txt; application/javascript js; }
  server {
    listen @listen@;
    root @root@;
    location / { }
    location /sub/ { try_files $uri /plain.txt; }
    location /bare/ { try_files $uri @peer; }
    location /typed/ { root @root@; default_type a/b; try_files /data.unknown =404; }
    location /index/ { index nothing.html page.html; root @root@; }
    location = /one { try_files /plain.txt =404; }
    location = /none { try_files /nothing =404; }
    location = /none-410 { try_files /nothing /nothing-either =410; }
    location /app/ { try_files $uri $uri/ /index.html; }
    location /named/ { try_files $uri @peer; }
    location /args/ { try_files $uri /fallback?$args; }
    location = /fallback { return 200 "fallback $args $uri $request_uri"; }
    location /sub-uri/ { try_files /sub$uri /plain.txt; }
    location /listed/ { root @root@; try_files /bare/ =404; }
    location /folder/ { try_files /sub/ =404; }
    location /redirected/ { try_files /nothing /sub/index.html; }
    location /loop/ { try_files /nothing /loop/x; }
    location @peer { proxy_pass http://@peer@; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Uri "$uri $request_uri"; }
    location /denied/ { root /nonexistent; }
    location /tokens/ { root @root@; server_tokens off; }
  })";

struct Row {
  const char* name;
  std::string text;
};

constexpr const char* kTime = "Sun, 06 Nov 1994 08:49:37 GMT";

const Row kRows[] = {
    {"Plain", get("/plain.txt")},
    {"PlainWithArgs", get("/plain.txt?a=b")},
    {"Html", get("/page.html")},
    {"Script", get("/app.js")},
    {"UnknownType", get("/data.unknown")},
    {"DefaultType", get("/typed/")},
    {"Empty", get("/empty.txt")},
    {"Space", get("/with%20space.txt")},
    {"Index", get("/")},
    {"IndexOfSubFolder", get("/with%20folder/")},
    {"NoIndex", get("/listed/")},
    {"TryFolderIsNoFile", get("/sub/")},
    {"TryFolderIsNoFileForAPeer", get("/bare/")},
    {"FolderWithoutSlash", get("/bare")},
    {"FolderWithoutSlashWithArgs", get("/bare?a=b")},
    {"FolderWithSpaceWithoutSlash", get("/with%20folder")},
    {"FileWithSlash", get("/plain.txt/")},
    {"Missing", get("/missing")},
    {"MissingInMissing", get("/missing/x")},
    {"BelowAFile", get("/plain.txt/x")},
    {"MissingRoot", get("/denied/x")},
    {"Head", request("HEAD /plain.txt HTTP/1.1")},
    {"HeadOfMissing", request("HEAD /missing HTTP/1.1")},
    {"Post", post("/plain.txt", "hello")},
    {"PostToMissing", post("/missing", "hello")},
    {"PostToFolder", post("/sub/", "hello")},
    {"Put", request("PUT /plain.txt HTTP/1.1", "Host: a\r\nContent-Length: 0\r\n")},
    {"Delete", request("DELETE /plain.txt HTTP/1.1")},
    {"Options", request("OPTIONS /plain.txt HTTP/1.1")},
    {"OldClient", request("GET /plain.txt HTTP/1.0", "")},
    {"OldClientThatKeeps", request("GET /plain.txt HTTP/1.0", "Connection: keep-alive\r\n")},
    {"SinceSame", get("/plain.txt", std::string("If-Modified-Since: ") + kTime + "\r\n")},
    {"SinceLater", get("/plain.txt", "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT\r\n")},
    {"SinceEarlier", get("/plain.txt", "If-Modified-Since: Sun, 06 Nov 1984 08:49:37 GMT\r\n")},
    {"SinceGarbage", get("/plain.txt", "If-Modified-Since: yesterday\r\n")},
    {"SinceWithLength",
     get("/plain.txt", std::string("If-Modified-Since: ") + kTime + "; length=11\r\n")},
    {"SinceInOtherForm",
     get("/plain.txt", "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n")},
    {"TagSame", get("/plain.txt", "If-None-Match: \"2ebc98a1-b\"\r\n")},
    {"TagWeak", get("/plain.txt", "If-None-Match: W/\"2ebc98a1-b\"\r\n")},
    {"TagInAList", get("/plain.txt", "If-None-Match: \"x\", \"2ebc98a1-b\"\r\n")},
    {"TagStar", get("/plain.txt", "If-None-Match: *\r\n")},
    {"TagOther", get("/plain.txt", "If-None-Match: \"other\"\r\n")},
    {"TagOtherAndSince",
     get("/plain.txt",
         std::string("If-None-Match: \"other\"\r\nIf-Modified-Since: ") + kTime + "\r\n")},
    {"TagSameAndSinceEarlier",
     get("/plain.txt",
         "If-None-Match: \"2ebc98a1-b\"\r\nIf-Modified-Since: Sun, 06 Nov 1984 08:49:37 GMT\r\n")},
    {"TagPartOfAnother", get("/plain.txt", "If-None-Match: \"x2ebc98a1-b\"\r\n")},
    {"TagWithoutQuotes", get("/plain.txt", "If-None-Match: 2ebc98a1-b\r\n")},
    {"HeadWithTag",
     request("HEAD /plain.txt HTTP/1.1", "Host: a\r\nIf-None-Match: \"2ebc98a1-b\"\r\n")},
    {"TryFile", get("/one")},
    {"TryStatus", get("/none")},
    {"TryOtherStatus", get("/none-410")},
    {"TryUri", get("/app/x")},
    {"TryNamed", get("/named/x%20y?z")},
    {"TryNamedPost", post("/named/x", "hello")},
    {"TryArgs", get("/args/x?a=b")},
    {"TrySubUri", get("/sub-uri/x")},
    {"TryFolder", get("/folder/x")},
    {"TryRedirected", get("/redirected/x")},
    {"TryLoop", get("/loop/a")},
    {"OtherIndex", get("/index/")},
    {"TokensOff", get("/tokens/x")},
    {"DotsAbove", get("/sub/../../plain.txt")},
    {"EncodedDots", get("/sub/%2e%2e/plain.txt")},
    {"Slashes", get("//sub///page.html")},
};

const std::string kConditions = "`If-None-Match` beside `If-Modified-Since`";

const std::string kWhole =
    "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 11\nLast-Modified: Sun, 06 Nov "
    "1994 08:49:37 GMT\nConnection: keep-alive\nETag: \"2ebc98a1-b\"\nAccept-Ranges: bytes\nbody: "
    "0123456789\\n\nend: "
    "kept\n";

const Differences kDifferences = {
    {"TagSameAndSinceEarlier",
     {kConditions, kWhole,
      "HTTP/1.1 304 Not Modified\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nConnection: "
      "keep-alive\nETag: \"2ebc98a1-b\"\nend: kept\n"}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Row& row : kRows) pairs.push_back({row.name, kFiles, {row.text}});
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Files, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
