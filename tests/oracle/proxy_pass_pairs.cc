// SPDX-License-Identifier: MIT
// Forms of proxy_pass and of what is set for the peer.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kForms = R"(
  upstream group { server @peer@; }
  upstream other { server @peer2@; }
  upstream fails { server @refuses@; server @peer@; }
  upstream dead { server @refuses@; }
  server {
    listen @listen@;
    server_name a.test;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://group; }
    location /slash/ { proxy_pass http://group/; }
    location /noslash { proxy_pass http://group/; }
    location /path/ { proxy_pass http://group/x/y/; }
    location /glue/ { proxy_pass http://group/x; }
    location /args/ { proxy_pass http://group/x?a=b; }
    location /only-args/ { proxy_pass http://@peer@?a=b; }
    location /escaped/ { proxy_pass http://group/a%20b/; }
    location "/with space/" { proxy_pass http://group/to/; }
    location = /exact { proxy_pass http://group/other; }
    location = /exact-plain { proxy_pass http://group; }
    location ~ ^/regex/ { proxy_pass http://group; }
    location ~* \.up$ { proxy_pass http://group; }
    location ^~ /final/ { proxy_pass http://group/f/; }
    location /local/ { proxy_pass http://@unix@; }
    location /local-path/ { proxy_pass http://@unix@:/x/; }
    location /other/ { proxy_pass http://other; }
    location /direct/ { proxy_pass http://@peer@; }
    location /fails/ { proxy_pass http://fails; }
    location /dead/ { proxy_pass http://dead; }
    location /outer/ {
      proxy_pass http://group/o/;
      location /outer/inner/ { proxy_pass http://group/i/; }
      location /outer/none/ { }
    }
    location /scheme/ { proxy_pass HTTP://group/s/; }
  })";

struct Target {
  const char* name;
  std::string text;
};

const Target kTargets[] = {
    {"Group", "/a?b"},
    {"Slash", "/slash/a/b?c"},
    {"SlashItself", "/slash/"},
    {"SlashMissing", "/slash"},
    {"SlashMissingWithArgs", "/slash?a=b"},
    {"NoSlash", "/noslash"},
    {"NoSlashAndMore", "/noslash/a"},
    {"NoSlashGlued", "/noslashed"},
    {"Path", "/path/a"},
    {"Glued", "/glue/a"},
    {"OnlyArgs", "/only-args/x?c=d"},
    {"ArgsOfItsOwn", "/args/a"},
    {"ArgsOfItsOwnAndMore", "/args/a?c=d"},
    {"Escaped", "/escaped/c"},
    {"SpaceInTheLocation", "/with%20space/a%20b"},
    {"SpaceInTheLocationMissingSlash", "/with%20space"},
    {"Exact", "/exact?a"},
    {"ExactPlain", "/exact-plain?a"},
    {"Regex", "/regex/a%20b"},
    {"RegexNoCase", "/a.UP"},
    {"Final", "/final/a.up"},
    {"Local", "/local/a"},
    {"LocalPath", "/local-path/a"},
    {"OtherPeer", "/other/"},
    {"Direct", "/direct/"},
    {"NextPeer", "/fails/"},
    {"NoPeer", "/dead/"},
    {"Outer", "/outer/a"},
    {"Inner", "/outer/inner/a"},
    {"InnerMissingSlash", "/outer/inner"},
    {"Inherited", "/outer/none/a"},
    {"SchemeInCapitals", "/scheme/a"},
};

const std::string kHeaders = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header X-Server server;
    proxy_set_header Connection "";
    root @root@;
    location / { proxy_pass http://@peer@; }
    location /own/ { proxy_pass http://@peer@; proxy_set_header X-Location location; }
    location /usual/ {
      proxy_pass http://@peer@;
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header Connection "";
    }
    location /host/ { proxy_pass http://@peer@; proxy_set_header Host $proxy_host; proxy_set_header Connection close; }
    location /nohost/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header Host ""; }
    location /httphost/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header Host $http_host; }
    location /hidden/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header Accept-Encoding ""; proxy_set_header Cookie ""; }
    location /case/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header x-lower a; proxy_set_header USER-AGENT b; }
    location /twice/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header X-A 1; proxy_set_header X-A 2; }
    location /upgrade/ { proxy_pass http://@peer@; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }
    location /te/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_set_header TE trailers; proxy_set_header Keep-Alive 5; proxy_set_header Expect x; }
    location /variables/ {
      proxy_pass http://@peer@;
      proxy_set_header Connection "";
      proxy_set_header X-1 "$request_method|$request_uri|$uri|$args|$is_args|$query_string|$document_uri";
      proxy_set_header X-2 "$scheme|$https|$server_name|$server_addr|$server_port|$server_protocol";
      proxy_set_header X-3 "$remote_addr|$remote_user|$http_user_agent|$http_referer|$http_cookie|$cookie_a";
      proxy_set_header X-4 "$arg_a|$arg_B|$arg_none|$content_type|$content_length|$host|$http_host";
      proxy_set_header X-5 "$proxy_host|$proxy_port|$proxy_add_x_forwarded_for|$connection_requests";
      proxy_set_header X-6 "$document_root|$request_filename|$request_length|$request_completion";
    }
    location ~ ^/captured/(?<first>[a-z]+)/([a-z]+)$ {
      proxy_pass http://@peer@; proxy_set_header Connection "";
      proxy_set_header X-Captured "$first|$1|$2|$3|${first}x";
    }
    location /off/ { proxy_pass http://@peer@; proxy_pass_request_headers off; }
    location /nobody/ { proxy_pass http://@peer@; proxy_set_header Connection ""; proxy_pass_request_body off; proxy_set_header Content-Length ""; }
    location /method/ { proxy_pass http://@peer@; proxy_method PUT; }
    location /body/ { proxy_pass http://@peer@; proxy_set_body "uri=$uri"; }
    location /old/ { proxy_pass http://@peer@; proxy_http_version 1.0; }
  })";

const Target kSet[] = {
    {"Inherited", get("/")},
    {"Replaced", get("/own/")},
    {"Usual", get("/usual/", "X-Forwarded-For: 10.0.0.1\r\nX-Real-IP: 10.0.0.2\r\n")},
    {"UsualWithPort", request("GET /usual/ HTTP/1.1", "Host: B.Test:81\r\n")},
    {"UsualInOldVersion", request("GET /usual/ HTTP/1.0", "")},
    {"ForwardedForTwice",
     get("/usual/", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n")},
    {"HostOfThePeer", get("/host/")},
    {"NoHost", get("/nohost/")},
    {"HostAsItCame", request("GET /httphost/ HTTP/1.1", "Host: B.Test:81\r\n")},
    {"HostThatDidNotCome", request("GET /httphost/ HTTP/1.0", "")},
    {"Hidden", get("/hidden/", "Accept-Encoding: gzip\r\nCookie: a=b\r\nAccept: */*\r\n")},
    {"CaseOfNames", get("/case/", "X-Lower: c\r\nUser-Agent: d\r\n")},
    {"Twice", get("/twice/", "X-A: 3\r\n")},
    {"TeAndOthers", get("/te/", "TE: gzip\r\n")},
    {"Variables", get("/variables/a%20b?a=1&b=2&a=3",
                      "User-Agent: me\r\nReferer: there\r\nCookie: a=b; c=d\r\nAuthorization: "
                      "Basic bWU6cHc=\r\n")},
    {"VariablesOfAPost", post("/variables/", "hello", "Content-Type: a/b\r\n")},
    {"VariablesWithoutArgs", get("/variables/?")},
    {"Captured", get("/captured/abc/def")},
    {"NoRequestHeaders", get("/off/", "X-A: 1\r\nUser-Agent: a\r\n")},
    {"NoRequestHeadersOfAPost", post("/off/", "hello", "Content-Type: a/b\r\n")},
    {"Method", get("/method/")},
    {"MethodOfAPost", post("/method/", "hello")},
    {"MethodOfAHead", request("HEAD /method/ HTTP/1.1")},
    {"SetBody", get("/body/")},
    {"SetBodyOfAPost", post("/body/", "hello")},
    {"OldVersion", get("/old/")},
    {"OldVersionOfAPost", post("/old/", "hello")},
};

const std::string kPeerVersion = "kept connections to peers, HTTP/1.1 to peers";

const std::string kNoPath = "`proxy_pass http://peer?args` (a URI without a path)";

const Differences kDifferences = {
    {"FormOnlyArgs",
     {kNoPath, passed("GET ?a=bx?c=d HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n"),
      passed("GET /?a=bx?c=d HTTP/1.1\\r\\nHost: PEER\\r\\n\\r\\n")}},
    {"SetReplaced",
     {kPeerVersion,
      passed("GET /own/ HTTP/1.1\\r\\nX-Location: location\\r\\nHost: PEER\\r\\nConnection: "
             "close\\r\\n\\r\\n"),
      passed("GET /own/ HTTP/1.1\\r\\nX-Location: location\\r\\nHost: PEER\\r\\n\\r\\n")}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Target& target : kTargets) {
    pairs.push_back({std::string("Form") + target.name, kForms, {get(target.text)}});
  }
  for (const Target& target : kSet) {
    pairs.push_back({std::string("Set") + target.name, kHeaders, {target.text}});
  }
  pairs.push_back({"SetNoBody", kHeaders, {post("/nobody/", "hello")}});
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(ProxyPass, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
