// SPDX-License-Identifier: MIT
// Wrong configurations, each with what is said about it: nginx 1.22's words (asked with
// `nginx -t`, but for what sluice does not have yet), our column, our advice.
#include <gtest/gtest.h>

#include <array>
#include <ostream>

#include "loading.h"

namespace sluice::confparse {
namespace {

enum class Where : std::uint8_t { whole, main, events, http, server, location, regex, upstream };

// The text around a wrong one; it starts in a line of its own, but for `whole`.
struct Around {
  std::string before;
  std::string after;
};

Around around(Where where) {
  switch (where) {
    case Where::whole:
      return {"", ""};
    case Where::main:
      return {"events { }\n", ""};
    case Where::events:
      return {"events {\n", "\n}"};
    case Where::http:
      return {"events { } http {\n", "\n}"};
    case Where::server:
      return {"events { } http { server {\n", "\n} }"};
    case Where::location:
      return {"events { } http { server { location / {\n", "\n} } }"};
    case Where::regex:
      return {"events { } http { server { location ~ a {\n", "\n} } }"};
    case Where::upstream:
      return {"events { } http { upstream u {\n", "\n} }"};
  }
  return {};
}

struct Wrong {
  Where where;
  const char* text;
  const char* message;  // FOLDER stands for where the file is
  std::uint32_t line;   // of `text`; 0: the line before it, or no place at all
  std::uint32_t column;
  const char* advice;  // FILE stands for the file
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.text;
}

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

class WrongConfiguration : public testing::TestWithParam<Wrong> {};

TEST_P(WrongConfiguration, IsExplainedWithItsPlaceAndTheWayOut) {
  const Wrong& wrong = GetParam();
  const auto [before, after] = around(wrong.where);
  const ConfigError error = error_of(before + wrong.text + after);
  const std::string path =
      error.position().file != nullptr ? error.position().file->path : std::string();
  const std::string folder = path.substr(0, path.rfind('/') + 1);

  EXPECT_EQ(error.what(), replaced(wrong.message, "FOLDER", folder));
  EXPECT_EQ(error.advice(), replaced(wrong.advice, "FILE", path));
  const std::uint32_t first = wrong.where == Where::whole ? 0 : 1;
  EXPECT_EQ(error.position().line, wrong.line + first);
  EXPECT_EQ(error.position().column, wrong.column);
}

const Wrong kWrong[] = {
    // NOLINT: the compiler counts
    {Where::whole, "", "no \"events\" section in configuration", 0, 0,
     "an empty one is enough: \"events { }\""},
    {Where::whole, "http { }", "no \"events\" section in configuration", 0, 0,
     "an empty one is enough: \"events { }\""},
    {Where::whole, "events { }\nhttp {\n  server {\n", "unexpected end of file, expecting \"}\"", 4,
     1, "the block \"server\" opened in line 3 is not closed"},
    {Where::whole, "events { }\n}", "unexpected \"}\"", 2, 1, "no block is open here"},
    {Where::whole, "events {\n  worker_connections 10\n}", "unexpected \"}\"", 3, 1,
     "is the \";\" missing before it?"},
    {Where::whole, "events { } http { server { listen 80; } }\nserver { }",
     "\"server\" directive is not allowed here", 2, 1, "\"server\" may stand in: http, upstream"},
    {Where::whole, "events { } http { \"open\n}",
     "unexpected end of file, expecting \";\" or \"}\"", 2, 2,
     "the quote opened in line 1, column 19 is not closed"},
    {Where::whole, "events { }\nuser www", "unexpected end of file, expecting \";\" or \"}\"", 2, 9,
     "is the \";\" missing?"},
    {Where::main, "worker_proceses 2;", "unknown directive \"worker_proceses\"", 1, 1,
     "did you mean \"worker_processes\"?"},
    {Where::main, "worker_processes many;", "\"worker_processes\" directive invalid value", 1, 18,
     "expected a number of threads, at least 1, or \"auto\""},
    {Where::main, "worker_processes 1;\nworker_processes 2;",
     "\"worker_processes\" directive is duplicate", 2, 1, ""},
    {Where::main, "daemon maybe;",
     "invalid value \"maybe\" in \"daemon\" directive, it must be \"on\" or \"off\"", 1, 8, ""},
    {Where::main, "daemon on off;", "invalid number of arguments in \"daemon\" directive", 1, 11,
     "\"daemon\" takes 1 word"},
    {Where::main, "daemon { }", "directive \"daemon\" is not terminated by \";\"", 1, 8,
     "\"daemon\" has no block"},
    {Where::main, "http;", "directive \"http\" has no opening \"{\"", 1, 5, ""},
    {Where::main, "events { }", "\"events\" directive is duplicate", 1, 1, ""},
    {Where::main, ";", "unexpected \";\"", 1, 1, ""},
    {Where::main, "user \"www\"-data;", "unexpected \"-\"", 1, 11,
     "expected a blank or \";\" behind the closing quote"},
    {Where::main, "error_log stderr debgu;", "invalid log level \"debgu\"", 1, 18,
     "did you mean \"debug\"?"},
    {Where::main, "error_log stderr info debug;", "duplicate log level \"debug\"", 1, 23, ""},
    {Where::main, "worker_cpu_affinity 0102;", "invalid character \"2\" in \"worker_cpu_affinity\"",
     1, 21, "expected \"auto\" or a mask of 0 and 1 for each worker"},
    {Where::main, "worker_priority high;", "\"worker_priority\" directive invalid number", 1, 17,
     "expected a number from -20 to 20"},
    {Where::main, "worker_rlimit_nofile lots;", "\"worker_rlimit_nofile\" directive invalid number",
     1, 22, "expected a whole number, as in \"10\""},
    {Where::main, "include nosuch.conf;",
     "open() \"FOLDERnosuch.conf\" failed (2: No such file or directory)", 1, 9, ""},
    {Where::main, "include;", "invalid number of arguments in \"include\" directive", 1, 1,
     "\"include\" takes 1 word"},
    {Where::main, "include a { }", "directive \"include\" is not terminated by \";\"", 1, 11, ""},
    {Where::main, "listen 80;", "\"listen\" directive is not allowed here", 1, 1,
     "\"listen\" may stand in: server"},
    {Where::main, "stream { }", "\"stream\" is not supported by sluice yet", 1, 1, ""},
    {Where::main, "user a b c;", "invalid number of arguments in \"user\" directive", 1, 10,
     "\"user\" takes 1 or 2 words"},
    {Where::main, "error_log syslog:server=a;",
     "\"syslog:\" in \"error_log\" is not supported by sluice yet", 1, 11, ""},
    {Where::events, "worker_connections many;", "invalid number \"many\"", 1, 20,
     "expected a whole number, as in \"1024\""},
    {Where::events, "worker_connections 0;", "0 worker_connections are not enough", 1, 20,
     "a client needs one, its peer another"},
    {Where::events, "use kqueue2;", "invalid event type \"kqueue2\"", 1, 5, "expected \"epoll\""},
    {Where::events, "multi_accept yes;",
     "invalid value \"yes\" in \"multi_accept\" directive, it must be \"on\" or \"off\"", 1, 14,
     "did you mean \"on\"?"},
    {Where::events, "multi_accept no;",
     "invalid value \"no\" in \"multi_accept\" directive, it must be \"on\" or \"off\"", 1, 14,
     "did you mean \"off\"?"},
    {Where::events, "multi_accept onn;",
     "invalid value \"onn\" in \"multi_accept\" directive, it must be \"on\" or \"off\"", 1, 14,
     "did you mean \"on\"?"},
    {Where::events, "accept_mutex of;",
     "invalid value \"of\" in \"accept_mutex\" directive, it must be \"on\" or \"off\"", 1, 14,
     "did you mean \"off\"?"},
    {Where::events, "worker_conections 10;", "unknown directive \"worker_conections\"", 1, 1,
     "did you mean \"worker_connections\"?"},
    {Where::http, "sever { }", "unknown directive \"sever\"", 1, 1, "did you mean \"server\"?"},
    {Where::http, "server a { }", "invalid number of arguments in \"server\" directive", 1, 8,
     "\"server\" takes no word"},
    {Where::http, "upstream a { server b; }\nupstream a { server c; }", "duplicate upstream \"a\"",
     2, 10, ""},
    {Where::http, "real_ip_header proxy_protocol;",
     "\"proxy_protocol\" of \"real_ip_header\" is not supported by sluice yet", 1, 16, ""},
    {Where::http, "real_ip_recursive yes;",
     "invalid value \"yes\" in \"real_ip_recursive\" directive, it must be \"on\" or \"off\"", 1,
     19, "did you mean \"on\"?"},
    {Where::http, "upstream { server a; }", "invalid number of arguments in \"upstream\" directive",
     1, 1, "\"upstream\" takes 1 word"},
    {Where::http, "map $host name { }", "invalid variable name \"name\"", 1, 11,
     "expected the variable to be made, as in \"$name\""},
    {Where::http, "map $host $name {\n a 1; A 2; }", "conflicting parameter \"A\"", 2, 7,
     "the table has this key already"},
    {Where::http, "map $host $name { default 1; default 2; }", "duplicate default map parameter", 1,
     30, ""},
    {Where::http, "map $host $name { a; }", "invalid number of the map parameters", 1, 19,
     "expected \"key value;\""},
    {Where::http, "map $host $name { a ${b; }", "the closing bracket in \"b\" variable is missing",
     1, 21, "a variable is written \"$name\" or \"${name}\""},
    {Where::http, "map $host $name { hostnames; a.*.b 1; }",
     "invalid hostname or wildcard \"a.*.b\"", 1, 30,
     "an asterisk stands for whole labels, at the front or at the end only"},
    {Where::server, "map $host $name { }", "\"map\" directive is not allowed here", 1, 1,
     "\"map\" may stand in: http"},
    {Where::http, "log_format combined x;", "duplicate \"log_format\" name \"combined\"", 1, 12,
     "\"combined\" is built in"},
    {Where::http, "log_format a escape=xml \"b\";", "unknown log format escaping \"xml\"", 1, 14,
     "expected \"default\", \"json\" or \"none\""},
    {Where::http, "log_format a \"5$ off\";", "invalid parameter \"$ off\"", 1, 14,
     "a variable is written \"$name\" or \"${name}\""},
    {Where::http, "access_log a.log mian;\nlog_format main \"x\";", "unknown log format \"mian\"",
     1, 18, "did you mean \"main\"?"},
    {Where::http, "server_names_hash_max_size big;",
     "\"server_names_hash_max_size\" directive invalid number", 1, 28,
     "expected a whole number, as in \"10\""},
    {Where::http, "client_max_body_size 1x;", "\"client_max_body_size\" directive invalid value", 1,
     22, "expected a size, as in \"8k\", \"1m\" or \"1g\""},
    {Where::http, "geo $a $b { }", "\"geo\" is not supported by sluice yet", 1, 1, ""},
    {Where::http, "keepalive_timeout 10 20ms;", "\"keepalive_timeout\" directive invalid value", 1,
     22, "expected a time in seconds, as in \"30s\""},
    {Where::http, "keepalive_disable msie7;", "invalid value \"msie7\"", 1, 19,
     "did you mean \"msie6\"?"},
    {Where::http, "lingering_close never;", "invalid value \"never\"", 1, 17,
     "expected \"off\", \"on\" or \"always\""},
    {Where::http, "lingering_time soon;", "\"lingering_time\" directive invalid value", 1, 16,
     "expected a time, as in \"500ms\", \"30s\" or \"1h30m\""},
    {Where::http, "server { location / { max_headers 5; } }",
     "\"max_headers\" directive is not allowed here", 1, 23,
     "\"max_headers\" may stand in: http, server"},
    {Where::http, "max_headers some;", "\"max_headers\" directive invalid number", 1, 13,
     "expected a whole number, as in \"10\""},
    {Where::http, "types { text/html { } }", "unexpected \"{\"", 1, 19,
     "expected \"type extension ...;\""},
    {Where::http,
     "server { listen 127.0.0.1:80 default_server; }\nserver { listen 127.0.0.1:80 default_server; "
     "}",
     "a duplicate default server for 127.0.0.1:80", 2, 17, "the first one is in FILE:2"},
    {Where::http, "server { listen 80 backlog=5; }\nserver { listen 80 reuseport; }",
     "duplicate listen options for 0.0.0.0:80", 2, 17, "the first one is in FILE:2"},
    {Where::http, "upstream a { server b; }\nserver { location / { proxy_pass http://a:80; } }",
     "upstream \"a\" may not have port 80", 2, 34,
     "the ports stand in the upstream's \"server\" lines"},
    {Where::http, "location / { }", "\"location\" directive is not allowed here", 1, 1,
     "\"location\" may stand in: server, location"},
    {Where::http, "ip_hash;", "\"ip_hash\" directive is not allowed here", 1, 1,
     "\"ip_hash\" may stand in: upstream"},
    {Where::http, "proxy_pass http://a;", "\"proxy_pass\" directive is not allowed here", 1, 1,
     "\"proxy_pass\" may stand in: location"},
    {Where::http, "sendfile maybe;",
     "invalid value \"maybe\" in \"sendfile\" directive, it must be \"on\" or \"off\"", 1, 10, ""},
    {Where::http, "if_modified_since often;", "invalid value \"often\"", 1, 19,
     "expected \"off\", \"exact\" or \"before\""},
    {Where::http, "max_ranges many;", "\"max_ranges\" directive invalid number", 1, 12,
     "expected a whole number, as in \"10\""},
    {Where::http, "server_tokens of;", "invalid value \"of\"", 1, 15, "did you mean \"off\"?"},
    {Where::http, "server_tokens perhaps;", "invalid value \"perhaps\"", 1, 15,
     "expected \"off\", \"on\" or \"build\""},
    {Where::http, "auth_basic on;", "\"auth_basic\" is not supported by sluice yet", 1, 1, ""},
    {Where::server, "listen 99999;", "invalid port in \"99999\" of the \"listen\" directive", 1, 8,
     ""},
    {Where::server, "listen 80 defualt_server;", "invalid parameter \"defualt_server\"", 1, 11,
     "did you mean \"default_server\"?"},
    {Where::server, "listen 80 backlog=0;", "invalid backlog \"backlog=0\"", 1, 11,
     "expected a number, at least 1"},
    {Where::server, "listen 80 backlog;", "invalid parameter \"backlog\"", 1, 11,
     "it needs a value: \"backlog=...\""},
    {Where::server, "listen 80\n  server_name a;", "invalid parameter \"server_name\"", 2, 3,
     "is the \";\" missing at the end of line 2?"},
    {Where::server, "listen 80;\nlisten *:80;", "a duplicate listen 0.0.0.0:80", 2, 8, ""},
    {Where::server, "listen example.com:80;",
     "host not found in \"example.com:80\" of the \"listen\" directive", 1, 8,
     "expected an IP address: names are not looked up here"},
    {Where::server, "listen :80;", "no host in \":80\" of the \"listen\" directive", 1, 8,
     "expected \"*:80\" or \"127.0.0.1:80\""},
    {Where::server, "listen [::1;", "invalid host in \"[::1\" of the \"listen\" directive", 1, 8,
     "an IPv6 address is written \"[::1]:80\""},
    {Where::server, "listen unix:;",
     "no path in the unix domain socket in \"unix:\" of the \"listen\" directive", 1, 8, ""},
    {Where::server, "listen 80 ssl;",
     "the \"ssl\" parameter of \"listen\" is not supported by sluice yet", 1, 11, ""},
    {Where::server, "listen 8002-8000;",
     "invalid port range in \"8002-8000\" of the \"listen\" directive", 1, 8, ""},
    {Where::server, "listen 80 so_keepalive=x;", "invalid so_keepalive value: \"x\"", 1, 11,
     "expected \"on\", \"off\" or \"idle:interval:count\""},
    {Where::server, "listen;", "invalid number of arguments in \"listen\" directive", 1, 1,
     "\"listen\" takes at least 1 word"},
    {Where::server, "server_name *;", "server name \"*\" is invalid", 1, 13,
     "a wildcard is a whole label: \"*.example.com\""},
    {Where::server, "server_name a *b.c;", "server name \"*b.c\" is invalid", 1, 15,
     "a wildcard is a whole label: \"*.example.com\""},
    {Where::server, "server_name ~;", "empty regex in server name \"~\"", 1, 13, ""},
    {Where::server, "root a;\nroot b;", "\"root\" directive is duplicate", 2, 1, ""},
    {Where::server, "root $document_root/x;",
     "the $document_root variable cannot be used in the \"root\" directive", 1, 6, ""},
    {Where::server, "root ${x;", "the closing bracket in \"x\" variable is missing", 1, 6,
     "a variable is written \"$name\" or \"${name}\""},
    {Where::server, "index \"\";", "index \"\" in \"index\" directive is invalid", 1, 7, ""},
    {Where::server, "return;", "invalid number of arguments in \"return\" directive", 1, 1,
     "\"return\" takes 1 or 2 words"},
    {Where::server, "return 1000;", "invalid return code \"1000\"", 1, 8,
     "expected a code from 0 to 999, or a URL"},
    {Where::server, "return /new;", "invalid return code \"/new\"", 1, 8,
     "a redirect here is \"return 302 /new;\""},
    {Where::server, "return 200 \"${a\";", "the closing bracket in \"a\" variable is missing", 1,
     12, "a variable is written \"$name\" or \"${name}\""},
    {Where::server, "return 302 a b;", "invalid number of arguments in \"return\" directive", 1, 14,
     "\"return\" takes 1 or 2 words"},
    {Where::server, "try_files a =nine;", "invalid code \"=nine\"", 1, 13,
     "expected a status, as in \"=404\""},
    {Where::server, "try_files a;", "invalid number of arguments in \"try_files\" directive", 1, 1,
     "\"try_files\" takes at least 2 words"},
    {Where::server, "location foo / { }", "invalid location modifier \"foo\"", 1, 10,
     "expected one of = ~ ~* ^~"},
    {Where::server, "location / { }\nlocation / { }", "duplicate location \"/\"", 2, 10,
     "the first one is in FILE:2"},
    {Where::server, "location / { }\nlocation ^~ / { }", "duplicate location \"/\"", 2, 13,
     "the first one is in FILE:2"},
    {Where::server, "location /a {\n  location /b { } }",
     "location \"/b\" is outside location \"/a\"", 2, 12,
     "an inner location begins with the whole path of the outer one"},
    {Where::server, "location = /a { location /a/b { } }",
     "location \"/a/b\" cannot be inside the exact location \"/a\"", 1, 26, ""},
    {Where::server, "location @a { location /a { } }",
     "location \"/a\" cannot be inside the named location \"@a\"", 1, 24, ""},
    {Where::server, "location / { location @a { } }",
     "named location \"@a\" can be on the server level only", 1, 23, ""},
    {Where::server, "location;", "directive \"location\" has no opening \"{\"", 1, 9, ""},
    {Where::server, "location / / / { }", "invalid number of arguments in \"location\" directive",
     1, 14, "\"location\" takes 1 or 2 words"},
    {Where::server, "large_client_header_buffers 0 8k;",
     "\"large_client_header_buffers\" directive invalid value", 1, 29,
     "expected how many buffers, as in \"4 8k\""},
    {Where::server, "large_client_header_buffers 4 100;",
     "the \"large_client_header_buffers\" size must be equal to or greater than "
     "\"connection_pool_size\"",
     1, 31, "at least 512 bytes"},
    {Where::server, "client_header_timeout 1M;",
     "\"client_header_timeout\" directive invalid value", 1, 23,
     "expected a time, as in \"500ms\", \"30s\" or \"1h30m\""},
    {Where::server, "client_header_buffer_size 1g;",
     "\"client_header_buffer_size\" directive invalid value", 1, 27,
     "expected a size, as in \"8k\" or \"1m\""},
    {Where::server, "keepalive_requests many;", "\"keepalive_requests\" directive invalid number",
     1, 20, "expected a whole number, as in \"10\""},
    {Where::server, "keepalive_request 5;", "unknown directive \"keepalive_request\"", 1, 1,
     "did you mean \"keepalive_requests\"?"},
    {Where::server, "error_log a.log loud;", "invalid log level \"loud\"", 1, 17,
     "expected \"emerg\", \"alert\", \"crit\", \"error\", \"warn\", \"notice\", \"info\" or "
     "\"debug\""},
    {Where::server, "access_log a.log combined buffer=0;", "invalid buffer size \"0\"", 1, 27,
     "expected a size, as in \"32k\""},
    {Where::server, "access_log a.log combined buffer=8k flush=0;", "invalid flush time \"0\"", 1,
     37, "expected a time, as in \"5s\""},
    {Where::server, "access_log a.log combined gzip=4 buffer=8k;",
     "\"gzip=4\" in \"access_log\" is not supported by sluice yet", 1, 27, ""},
    {Where::server, "access_log off combined;", "invalid parameter \"combined\"", 1, 16,
     "\"off\" stands alone"},
    {Where::server, "access_log a.log combined bufer=8k;", "invalid parameter \"bufer=8k\"", 1, 27,
     "did you mean \"buffer=8k\"?"},
    {Where::server, "access_log a.log combined flush=5s;",
     "no buffer is defined for access_log \"a.log\"", 1, 27, "\"flush=\" needs \"buffer=\""},
    {Where::server, "if ($a) { }", "\"if\" is not supported by sluice yet", 1, 1, ""},
    {Where::server, "ssl_certificate a.pem;", "\"ssl_certificate\" is not supported by sluice yet",
     1, 1, ""},
    {Where::server, "rewrite ^ / last;", "\"rewrite\" is not supported by sluice yet", 1, 1, ""},
    {Where::server, "root a\n}", "unexpected \"}\"", 2, 1, "is the \";\" missing before it?"},
    {Where::location, "proxy_pass mytornado;", "invalid URL prefix", 1, 12,
     "did you mean \"http://mytornado\"?"},
    {Where::location, "proxy_pass ftp://a;", "invalid URL prefix", 1, 12, "expected \"http://\""},
    {Where::location, "proxy_pass https://a;",
     "\"https://\" in \"proxy_pass\" is not supported by sluice yet", 1, 12, ""},
    {Where::location, "proxy_pass http://;", "no host in upstream \"\"", 1, 12, ""},
    {Where::location, "proxy_pass http://a:port;", "invalid port in upstream \"a:port\"", 1, 12,
     ""},
    {Where::location, "proxy_pass http://a:99999;", "invalid port in upstream \"a:99999\"", 1, 12,
     ""},
    {Where::location, "proxy_pass http://a;\nproxy_pass http://b;",
     "\"proxy_pass\" directive is duplicate", 2, 1, ""},
    {Where::location, "proxy_pass http://a\nproxy_set_header Host b;",
     "invalid number of arguments in \"proxy_pass\" directive", 2, 1,
     "is the \";\" missing at the end of line 2?"},
    {Where::location, "proxy_set_header Host;",
     "invalid number of arguments in \"proxy_set_header\" directive", 1, 1,
     "\"proxy_set_header\" takes 2 words"},
    {Where::location, "proxy_set_header Host \"$\";", "invalid variable name", 1, 23,
     "a variable is written \"$name\" or \"${name}\""},
    {Where::location, "proxy_read_timeout 5x;", "\"proxy_read_timeout\" directive invalid value", 1,
     20, "expected a time, as in \"500ms\", \"30s\" or \"1h30m\""},
    {Where::location, "proxy_reed_timeout 5s;", "unknown directive \"proxy_reed_timeout\"", 1, 1,
     "did you mean \"proxy_read_timeout\"?"},
    {Where::location, "proxy_http_version 2;", "invalid value \"2\"", 1, 20,
     "expected \"1.0\" or \"1.1\""},
    {Where::location, "proxy_next_upstream eror;", "invalid value \"eror\"", 1, 21,
     "did you mean \"error\"?"},
    {Where::location, "proxy_next_upstream_tries x;",
     "\"proxy_next_upstream_tries\" directive invalid number", 1, 27,
     "expected a whole number, as in \"10\""},
    {Where::location, "proxy_busy_buffers_size 1k;",
     "\"proxy_busy_buffers_size\" must be equal to or greater than the maximum of the value of "
     "\"proxy_buffer_size\" and one of the \"proxy_buffers\"",
     1, 25, "that is 4096 bytes here"},
    {Where::location, "proxy_busy_buffers_size 8k;\nproxy_buffer_size 16k;",
     "\"proxy_busy_buffers_size\" must be equal to or greater than the maximum of the value of "
     "\"proxy_buffer_size\" and one of the \"proxy_buffers\"",
     1, 25, "that is 16384 bytes here"},
    {Where::server, "proxy_busy_buffers_size 29k;",
     "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one "
     "buffer",
     1, 25, "that is 28672 bytes here"},
    {Where::server, "proxy_temp_file_write_size 1k;",
     "\"proxy_temp_file_write_size\" must be equal to or greater than the maximum of the value of "
     "\"proxy_buffer_size\" and one of the \"proxy_buffers\"",
     1, 28, "that is 4096 bytes here"},
    {Where::location, "proxy_temp_path /tmp 0;", "invalid value \"0\"", 1, 22,
     "a level is 1 or more, all levels together are 10 at most"},
    {Where::location, "proxy_temp_path /tmp 1 2 9;", "invalid value \"9\"", 1, 26,
     "a level is 1 or more, all levels together are 10 at most"},
    {Where::location, "client_body_temp_path /tmp 11;", "invalid value \"11\"", 1, 28,
     "a level is 1 or more, all levels together are 10 at most"},
    {Where::location, "proxy_buffer_size x;", "\"proxy_buffer_size\" directive invalid value", 1,
     19, "expected a size, as in \"8k\" or \"1m\""},
    {Where::location, "server_name a;", "\"server_name\" directive is not allowed here", 1, 1,
     "\"server_name\" may stand in: server"},
    {Where::location, "listen 80;", "\"listen\" directive is not allowed here", 1, 1,
     "\"listen\" may stand in: server"},
    {Where::location, "root a b;", "invalid number of arguments in \"root\" directive", 1, 8,
     "\"root\" takes 1 word"},
    {Where::location, "proxy_connect_timeout;",
     "invalid number of arguments in \"proxy_connect_timeout\" directive", 1, 1,
     "\"proxy_connect_timeout\" takes 1 word"},
    {Where::location, "deny all;", "\"deny\" is not supported by sluice yet", 1, 1, ""},
    {Where::regex, "proxy_pass http://a/b;",
     "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named "
     "location, or inside \"if\" statement, or inside \"limit_except\" block",
     1, 12, "leave \"/b\" out"},
    {Where::upstream, "", "no servers are inside upstream", 0, 28,
     "expected at least one \"server\" line"},
    {Where::upstream, "server;", "invalid number of arguments in \"server\" directive", 1, 1,
     "\"server\" takes at least 1 word"},
    {Where::upstream, "server a wieght=3;", "invalid parameter \"wieght=3\"", 1, 10,
     "did you mean \"weight=3\"?"},
    {Where::upstream, "server a weight=0;", "invalid parameter \"weight=0\"", 1, 10,
     "a weight is a number, at least 1"},
    {Where::upstream, "server a weight;", "invalid parameter \"weight\"", 1, 10,
     "it needs a value: \"weight=...\""},
    {Where::upstream, "server a max_fails=x;", "invalid parameter \"max_fails=x\"", 1, 10,
     "expected a number; 0 counts no failures"},
    {Where::upstream, "server a fail_timeout=100ms;", "invalid parameter \"fail_timeout=100ms\"", 1,
     10, "expected whole seconds, as in \"fail_timeout=30s\""},
    {Where::upstream, "server a:0;", "invalid port in upstream \"a:0\"", 1, 8, ""},
    {Where::upstream, "server a/b;", "invalid host in upstream \"a/b\"", 1, 8, ""},
    {Where::upstream, "server http://a;", "invalid host in upstream \"http://a\"", 1, 8,
     "a server is written without \"http://\""},
    {Where::upstream, "server a backup;", "no servers in upstream \"u\"", 0, 28,
     "at least one server must not be \"backup\""},
    {Where::upstream, "ip_hash;\nserver a;\nserver b backup;",
     "balancing method does not support parameter \"backup\"", 3, 10,
     "\"ip_hash\" has no use for backup servers"},
    {Where::upstream, "server a;\nhash;", "invalid number of arguments in \"hash\" directive", 2, 1,
     "\"hash\" takes 1 or 2 words"},
    {Where::upstream, "server a;\nhash key consistant;", "invalid parameter \"consistant\"", 2, 10,
     ""},
    {Where::upstream, "server a;\nip_hsah;", "unknown directive \"ip_hsah\"", 2, 1,
     "did you mean \"ip_hash\"?"},
    {Where::upstream, "server a;\nkeepalive many;",
     "invalid value \"many\" in \"keepalive\" directive", 2, 11,
     "expected how many idle connections a worker keeps"},
    {Where::upstream, "server a;\nkeepalive 1;\nkeepalive 2;",
     "\"keepalive\" directive is duplicate", 3, 1, ""},
    {Where::upstream, "server a;\nzone z 1;", "zone \"z\" is too small", 2, 8, "at least 32k"},
    {Where::upstream, "server a;\nhash_method md5;", "invalid hash method \"md5\"", 2, 13,
     "expected \"crc32\""},
    {Where::upstream, "server a resolve;",
     "the \"resolve\" parameter of \"server\" is not supported by sluice yet", 1, 10, ""},
    {Where::upstream, "server a;\nhash \"$\";", "invalid variable name", 2, 6,
     "a variable is written \"$name\" or \"${name}\""},
    {Where::upstream, "location / { }", "\"location\" directive is not allowed here", 1, 1,
     "\"location\" may stand in: server, location"},
    {Where::upstream, "server a { }", "directive \"server\" is not terminated by \";\"", 1, 10,
     "\"server\" has no block"},
    {Where::upstream, "server a;\nip_hash now;",
     "invalid number of arguments in \"ip_hash\" directive", 2, 9, "\"ip_hash\" takes no word"},
};

INSTANTIATE_TEST_SUITE_P(All, WrongConfiguration, testing::ValuesIn(kWrong));

}  // namespace
}  // namespace sluice::confparse
