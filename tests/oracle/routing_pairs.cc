// SPDX-License-Identifier: MIT
// Which server and which location answers.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kNames = R"(
  server { listen @listen@; server_name first.test; return 200 "first $server_name $host"; }
  server { listen @listen@; server_name exact.test other.test; return 200 "exact $server_name"; }
  server { listen @listen@; server_name *.wild.test; return 200 "wild $server_name"; }
  server { listen @listen@; server_name .dot.test; return 200 "dot $server_name"; }
  server { listen @listen@; server_name tail.*; return 200 "tail $server_name"; }
  server { listen @listen@; server_name ~^(?<who>.+)\.regex\.test$; return 200 "regex $who $1 $server_name"; }
  server { listen @listen@; server_name ~^.*\.wild\.other$ *.other; return 200 "both $server_name"; }
  server { listen @listen@; server_name ""; return 200 "nameless $host"; }
  server { listen @listen@; server_name 127.0.0.1; return 200 "address"; }
  server { listen @listen2@; server_name exact.test; return 200 "second address"; })";

const char* const kHosts[] = {
    "first.test",  "exact.test",    "other.test", "EXACT.Test",   "exact.test:99", "exact.test.",
    "a.wild.test", "a.b.wild.test", "wild.test",  ".wild.test",   "dot.test",      "a.dot.test",
    "xdot.test",   "tail.test",     "tail.a.b",   "tail",         "me.regex.test", "a.b.regex.test",
    "regex.test",  "a.wild.other",  "x.other",    "unknown.test", "127.0.0.1",     "a.exact.test"};

const std::string kDefault = R"(
  server { listen @listen@; server_name a.test; return 200 "a"; }
  server { listen @listen@ default_server; server_name b.test; return 200 "default"; }
  server { listen @listen@; server_name c.test; return 200 "c"; })";

const std::string kLocations = R"(
  server {
    listen @listen@;
    location = / { return 200 "exact root"; }
    location / { return 200 "root"; }
    location /a { return 200 "/a"; }
    location /a/ { return 200 "/a/"; }
    location /a/b/c { return 200 "/a/b/c"; }
    location = /a/b { return 200 "= /a/b"; }
    location ^~ /static/ { return 200 "^~ /static/"; }
    location ~ \.php$ { return 200 "php"; }
    location ~* \.(jpe?g|png)$ { return 200 "image $1"; }
    location ~ ^/first { return 200 "first regex"; }
    location ~ ^/first/second { return 200 "second regex"; }
    location ~\.glued$ { return 200 "glued"; }
    location ~ /\.(?!well-known) { return 403; }
    location "/sp ace" { return 200 "space"; }
    location /nest/ {
      return 200 "nest";
      location /nest/in { return 200 "nested prefix"; }
      location ~ \.php$ { return 200 "nested php"; }
      location = /nest/exact { return 200 "nested exact"; }
    }
    location ^~ /quiet/ {
      location ~ \.php$ { return 200 "quiet php"; }
      location /quiet/in/ { return 200 "quiet in"; }
      return 200 "quiet";
    }
    location /case { return 200 "case"; }
    location ~ "^/(?<year>\d{4})/(?<rest>.*)$" { return 200 "$year $rest $2"; }
    location ~ ^/utf/(.)$ { return 200 "one"; }
    location ~ ^/end$ { return 200 "end"; }
  })";

const std::string kPathsOfLocations[] = {"/",
                                         "/x",
                                         "/a",
                                         "/ab",
                                         "/a/",
                                         "/a/x",
                                         "/a/b",
                                         "/a/b/",
                                         "/a/b/c",
                                         "/a/b/cd",
                                         "/static/x.php",
                                         "/x.php",
                                         "/a/x.php",
                                         "/x.phpx",
                                         "/x.PHP",
                                         "/x.JPG",
                                         "/y.jpeg",
                                         "/first/second",
                                         "/x.glued",
                                         "/.git",
                                         "/a/.git",
                                         "/.well-known/x",
                                         "/sp%20ace",
                                         "/nest/",
                                         "/nest/in",
                                         "/nest/x.php",
                                         "/nest/exact",
                                         "/nest/exact.php",
                                         "/nest/in.php",
                                         "/quiet/x.php",
                                         "/quiet/in/x.php",
                                         "/quiet/x",
                                         "/CASE",
                                         "/case",
                                         "/2024/a/b",
                                         "/2024/",
                                         "/%61",
                                         "/a//b",
                                         "/a/./b",
                                         "/x/../a/b",
                                         "/a%2fb",
                                         "/end%0a",
                                         "/utf/%c3%a9",
                                         "//a",
                                         "/?x=.php",
                                         "/x.php?y",
                                         "/x.php/"};

const std::string kDollar = "`$` in a regex";

const Differences kDifferences = {
    {"Path42",
     {kDollar,
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 3\n"
      "Connection: keep-alive\n"
      "body: end\n"
      "end: kept\n",
      "HTTP/1.1 200 OK\n"
      "Content-Type: text/plain\n"
      "Content-Length: 4\n"
      "Connection: keep-alive\n"
      "body: root\n"
      "end: kept\n"}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  int number = 0;
  for (const std::string host : kHosts) {
    pairs.push_back({"Name" + std::to_string(++number),
                     kNames,
                     {request("GET / HTTP/1.1", "Host: " + host + "\r\n")}});
  }
  number = 0;
  for (const std::string& path : kPathsOfLocations) {
    pairs.push_back({"Path" + std::to_string(++number), kLocations, {get(path)}});
  }
  const std::vector<Pair> others = {
      {"NameMissingInOldVersion", kNames, {request("GET / HTTP/1.0", "")}},
      {"NameEmpty", kNames, {request("GET / HTTP/1.0", "Host:\r\n")}},
      {"NameOfTheTarget", kNames, {get("http://exact.test/")}},
      {"DefaultOfUnknown", kDefault, {request("GET / HTTP/1.1", "Host: x\r\n")}},
      {"DefaultIsNotForKnown", kDefault, {request("GET / HTTP/1.1", "Host: c.test\r\n")}},
      {"DefaultOfNoName", kDefault, {request("GET / HTTP/1.0", "")}},
      {"DefaultForBadRequests", kDefault, {"bad\r\n\r\n"}},
  };
  pairs.insert(pairs.end(), others.begin(), others.end());
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Routing, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
