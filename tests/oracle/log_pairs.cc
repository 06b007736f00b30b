// SPDX-License-Identifier: MIT
// Lines of the access log, with every variable whose value is the same for both.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kLogs = R"(
  log_format many 'log: $remote_addr|$remote_user|$request|$status|$body_bytes_sent|$bytes_sent|'
                  '$http_referer|$http_user_agent|$http_x_forwarded_for|$host|$server_name|'
                  '$request_method|$request_uri|$uri|$args|$is_args|$scheme|$server_protocol|'
                  '$request_length|$content_length|$content_type|$connection_requests|'
                  '$upstream_addr|$upstream_status|$upstream_response_length|$proxy_host|'
                  '$upstream_http_x_a|$sent_http_x_a|$sent_http_content_type|'
                  '$sent_http_content_length|$sent_http_location|'
                  '$request_completion|$document_root|$server_port|$cookie_a|$arg_a';
  log_format escaped escape=json 'log: {"request":"$request","agent":"$http_user_agent","none":"$http_none"}';
  log_format plain escape=none 'log: $request|$http_user_agent|$http_none';
  upstream group { server @refuses@; server @peer@; }
  upstream dead { server @refuses@; }
  server {
    listen @listen@;
    server_name log.test;
    root @root@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    access_log /dev/stderr many;
    location / { proxy_pass http://@peer@; }
    location /text { return 200 "text\n"; }
    location /404 { return 404; }
    location /301 { return 301 /x; }
    location /204 { return 204; }
    location /close { return 444; }
    location /next/ { proxy_pass http://group; }
    location /dead/ { proxy_pass http://dead; }
    location /file/ { try_files /plain.txt =404; }
    location /json/ { return 200; access_log /dev/stderr escaped; }
    location /none/ { return 200; access_log /dev/stderr plain; }
    location /small/ { proxy_pass http://@peer@; client_max_body_size 3; }
  })";

const std::string kCompletion = "`$request_completion` of half an answer";
const std::string kRequestLength = "`$request_length` with a body that nobody reads";
const std::string kRefusedLines = "log lines of refused requests";

const Differences kDifferences = {
    {"ProxiedHalf",
     {kCompletion,
      "HTTP/1.1 200 OK\n"
      "Content-Length: 9\n"
      "Connection: keep-alive\n"
      "body: half\n"
      "(broken off)\n"
      "end: closed\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|200|4|125|-|-|-|a.test|log.test|GET|/|/|-||http|HTTP/"
      "1.1|32|-|-|1|PEER|200|4|PEER|-|-|-|9|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 200 OK\n"
      "Content-Length: 9\n"
      "Connection: keep-alive\n"
      "body: half\n"
      "(broken off)\n"
      "end: closed\n"
      "peer: GET / HTTP/1.1\\r\\n"
      "Host: PEER\\r\\n"
      "\\r\\n"
      "\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|200|4|125|-|-|-|a.test|log.test|GET|/|/|-||http|HTTP/"
      "1.1|32|-|-|1|PEER|200|4|PEER|-|-|-|9|-||ROOT|PORT|-|-\n"}},
    {"TextPost",
     {kRequestLength,
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 5\n"
      "Connection: keep-alive\n"
      "body: text\\n"
      "\n"
      "end: kept\n"
      "log: log: 127.0.0.1|-|POST /text "
      "HTTP/1.1|200|5|152|-|-|-|a.test|log.test|POST|/text|/text|-||http|HTTP/"
      "1.1|56|5|-|1|-|-|-|-|-|-|text/plain|5|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 5\n"
      "Connection: keep-alive\n"
      "body: text\\n"
      "\n"
      "end: kept\n"
      "log: log: 127.0.0.1|-|POST /text "
      "HTTP/1.1|200|5|152|-|-|-|a.test|log.test|POST|/text|/text|-||http|HTTP/"
      "1.1|61|5|-|1|-|-|-|-|-|-|text/plain|5|-|OK|ROOT|PORT|-|-\n"}},
    {"BadHost",
     {kRefusedLines,
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|400|157|309|-|-|-|log.test|log.test|GET|/|/|-||http|HTTP/"
      "1.1|27|-|-|1|-|-|-|-|-|-|text/html|157|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|400|157|309|-|-|-|log.test|log.test|-|-|-|-||http|-|29|-|-|1|-|-|-|-|-|-|text/"
      "html|157|-|OK|ROOT|PORT|-|-\n"}},
    {"NoHost",
     {kRefusedLines,
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET /text "
      "HTTP/1.1|400|157|309|-|-|-|log.test|log.test|GET|/text|/text|-||http|HTTP/"
      "1.1|22|-|-|1|-|-|-|-|-|-|text/html|157|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET /text "
      "HTTP/1.1|400|157|309|-|-|-|log.test|log.test|-|-|-|-||http|-|22|-|-|1|-|-|-|-|-|-|text/"
      "html|157|-|OK|ROOT|PORT|-|-\n"}},
    {"BadPath",
     {kRefusedLines,
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET /.. "
      "HTTP/1.1|400|157|309|-|-|-|log.test|log.test|GET|-||-||http|HTTP/"
      "1.1|18|-|-|1|-|-|-|-|-|-|text/html|157|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Bad Request\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET /.. "
      "HTTP/1.1|400|157|309|-|-|-|a.test|log.test|GET|/..|-|-||http|HTTP/"
      "1.1|34|-|-|1|-|-|-|-|-|-|text/html|157|-|OK|ROOT|PORT|-|-\n"}},
    {"BadVersion",
     {kRefusedLines,
      "HTTP/1.1 505 HTTP Version Not Supported\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 505 HTTP Version Not Supported\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/2.0|505|187|354|-|-|-|log.test|log.test|-|-|-|-||http||0|-|-|1|-|-|-|-|-|-|text/"
      "html|187|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 505 HTTP Version Not Supported\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 505 HTTP Version Not Supported\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/2.0|505|187|354|-|-|-|log.test|log.test|-|-|-|-||http|-|0|-|-|1|-|-|-|-|-|-|text/"
      "html|187|-|OK|ROOT|PORT|-|-\n"}},
    {"LongHeader",
     {kRefusedLines,
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Request Header Or Cookie Too Large\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|400|233|385|-|-|-|a.test|log.test|GET|/|/|-||http|HTTP/"
      "1.1|30|-|-|1|-|-|-|-|-|-|text/html|233|-|OK|ROOT|PORT|-|-\n",
      "HTTP/1.1 400 Bad Request\n"
      "Content-Type: text/html\n"
      "Content-Length: *\n"
      "Connection: close\n"
      "body: page 400 Request Header Or Cookie Too Large\n"
      "end: closed\n"
      "log: log: 127.0.0.1|-|GET / "
      "HTTP/1.1|400|233|385|-|-|-|log.test|log.test|-|-|-|-||http|-|9037|-|-|1|-|-|-|-|-|-|text/"
      "html|233|-|OK|ROOT|PORT|-|-\n"}},
};

std::vector<Pair> rows() {
  const std::string odd = "User-Agent: a\"b\\c\xc3\xa9\td\r\nReferer: <x>\r\n";
  std::vector<Pair> pairs = {
      {"Proxied",
       kLogs,
       {get("/a%20b?a=1",
            "User-Agent: me\r\nReferer: there\r\nX-Forwarded-For: 1.1.1.1\r\nCookie: a=b\r\n")},
       {answer("hello", "X-A: 1\r\nContent-Type: a/b\r\n")}},
      {"ProxiedPost", kLogs, {post("/", "hello", "Content-Type: a/b\r\n")}, {answer("ok")}},
      {"ProxiedChunks",
       kLogs,
       {get("/")},
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}},
      {"ProxiedHead",
       kLogs,
       {request("HEAD / HTTP/1.1")},
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}},
      {"ProxiedUntilClose", kLogs, {get("/")}, {then_close("HTTP/1.1 200 OK\r\n\r\nhello")}},
      {"ProxiedNotModified", kLogs, {get("/")}, {"HTTP/1.1 304 Not Modified\r\nX-A: 1\r\n\r\n"}},
      {"ProxiedError", kLogs, {get("/")}, {"HTTP/1.1 503 Later\r\nContent-Length: 2\r\n\r\nno"}},
      {"ProxiedHalf",
       kLogs,
       {get("/")},
       {then_close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")}},
      {"ProxiedNothing", kLogs, {get("/")}, {then_close("")}},
      {"NextPeer", kLogs, {get("/next/")}, {answer("ok")}},
      {"NoPeer", kLogs, {get("/dead/")}},
      {"Text", kLogs, {get("/text")}},
      {"TextPost", kLogs, {post("/text", "hello")}},
      {"Page", kLogs, {get("/404", "Authorization: Basic bWU6cHc=\r\n")}},
      {"PageHead", kLogs, {request("HEAD /404 HTTP/1.1")}},
      {"Redirect", kLogs, {get("/301")}},
      {"NoContent", kLogs, {get("/204")}},
      {"Closed", kLogs, {get("/close")}},
      {"File", kLogs, {get("/file/")}},
      {"OldVersion", kLogs, {request("GET /text HTTP/1.0", "")}},
      {"TooLarge", kLogs, {post("/small/", "hello")}},
      {"BadMethod", kLogs, {"get / HTTP/1.1\r\n\r\n"}},
      {"BadHost", kLogs, {request("GET / HTTP/1.1", "Host: a/b\r\n")}},
      {"NoHost", kLogs, {request("GET /text HTTP/1.1", "")}},
      {"BadPath", kLogs, {get("/..")}},
      {"BadVersion", kLogs, {request("GET / HTTP/2.0")}},
      {"LongHeader", kLogs, {get("/", "A: " + std::string(9000, 'b') + "\r\n")}},
      {"OddHeaders", kLogs, {get("/text?\"\\", odd)}},
      {"OddHeadersAsJson", kLogs, {get("/json/?\"\\", odd)}},
      {"OddHeadersAsTheyAre", kLogs, {get("/none/?\"\\", odd)}},
      {"Second", kLogs, {get("/text"), get("/text")}},
      {"AtOnce", kLogs, {get("/text") + get("/404") + get("/")}, {answer("ok")}, 3},
      {"Chunks",
       kLogs,
       {request("POST / HTTP/1.1", "Host: a\r\nTransfer-Encoding: chunked\r\n") +
        "5\r\nhello\r\n0\r\n\r\n"},
       {answer("ok")}},
  };
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Logs, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
