// SPDX-License-Identifier: MIT
// Answers of peers that the configuration changes: proxy_redirect, cookies, hidden headers, added
// ones, upgrades.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kRedirects = R"(
  upstream group { server @peer@; }
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://group; }
    location /default/ { proxy_pass http://group/two/; }
    location /off/ { proxy_pass http://group/two/; proxy_redirect off; }
    location /text/ { proxy_pass http://group; proxy_redirect http://inside.test/a/ http://outside.test/b/; }
    location /path/ { proxy_pass http://group; proxy_redirect http://inside.test/ /; }
    location /both/ { proxy_pass http://group/two/; proxy_redirect default; proxy_redirect http://inside.test/ /in/; }
    location /variable/ { proxy_pass http://group; proxy_redirect http://inside.test/ http://$host:$server_port/; }
    location /regex/ { proxy_pass http://group; proxy_redirect ~^http://([a-z]+)\.test/(.*)$ http://$host/$1/$2; }
    location /nocase/ { proxy_pass http://group; proxy_redirect ~*INSIDE(.*)$ /found$1; }
  })";

struct Row {
  const char* name;
  std::string target;
  std::string lines;
};

const Row kRedirectRows[] = {
    {"RedirectPath", "/", "Location: /elsewhere\r\n"},
    {"RedirectOwn", "/", "Location: http://group/elsewhere\r\n"},
    {"RedirectDefault", "/default/", "Location: http://group/two/x?y\r\n"},
    {"RedirectDefaultOther", "/default/", "Location: http://group/three\r\n"},
    {"RedirectDefaultPath", "/default/", "Location: /two/x\r\n"},
    {"RedirectOff", "/off/", "Location: http://group/two/x\r\n"},
    {"RedirectOffPath", "/off/", "Location: /two/x\r\n"},
    {"RedirectText", "/text/", "Location: http://inside.test/a/x\r\n"},
    {"RedirectTextOther", "/text/", "Location: http://inside.test/c/x\r\n"},
    {"RedirectToPath", "/path/", "Location: http://inside.test/x\r\n"},
    {"RedirectBothFirst", "/both/", "Location: http://group/two/x\r\n"},
    {"RedirectBothSecond", "/both/", "Location: http://inside.test/x\r\n"},
    {"RedirectVariable", "/variable/", "Location: http://inside.test/x\r\n"},
    {"RedirectRegex", "/regex/", "Location: http://inside.test/x/y\r\n"},
    {"RedirectRegexOther", "/regex/", "Location: http://inside2.test/x\r\n"},
    {"RedirectNoCase", "/nocase/", "Location: http://inside.test/x\r\n"},
    {"RedirectRefresh", "/path/", "Refresh: 5; url=http://inside.test/x\r\n"},
    {"RedirectRefreshInCapitals", "/path/", "Refresh: 5; URL=http://inside.test/x\r\n"},
    {"RedirectRelative", "/", "Location: elsewhere\r\n"},
    {"RedirectEmpty", "/", "Location:\r\n"},
};

const std::string kCookies = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://@peer@; }
    location /domain/ { proxy_pass http://@peer@; proxy_cookie_domain inside.test $host; }
    location /domain-regex/ { proxy_pass http://@peer@; proxy_cookie_domain ~\.(org|test)$ .$1.com; }
    location /path/ { proxy_pass http://@peer@; proxy_cookie_path /a/ /b/; }
    location /path-regex/ { proxy_pass http://@peer@; proxy_cookie_path ~^/x/(.*)$ /$1; }
    location /flags/ { proxy_pass http://@peer@; proxy_cookie_flags one secure samesite=strict; proxy_cookie_flags ~^t nosecure httponly; }
  })";

const Row kCookieRows[] = {
    {"CookieAsItIs", "/", "Set-Cookie: a=b; Domain=inside.test; Path=/a/\r\n"},
    {"CookieDomain", "/domain/", "Set-Cookie: a=b; Domain=inside.test; Path=/a/\r\n"},
    {"CookieDomainWithDot", "/domain/", "Set-Cookie: a=b; domain=.INSIDE.test\r\n"},
    {"CookieDomainOther", "/domain/", "Set-Cookie: a=b; Domain=xinside.test\r\n"},
    {"CookieDomainRegex", "/domain-regex/", "Set-Cookie: a=b; Domain=my.test; Secure\r\n"},
    {"CookiePath", "/path/", "Set-Cookie: a=b; path=/a/c; HttpOnly\r\n"},
    {"CookiePathOther", "/path/", "Set-Cookie: a=b; path=/c\r\n"},
    {"CookiePathRegex", "/path-regex/", "Set-Cookie: a=b; Path=/x/y\r\n"},
    {"CookieFlags", "/flags/",
     "Set-Cookie: one=1; Path=/\r\nSet-Cookie: two=2; Secure\r\nSet-Cookie: other=3\r\n"},
    {"CookieFlagsThere", "/flags/", "Set-Cookie: one=1; secure; SameSite=Lax\r\n"},
};

const std::string kHidden = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://@peer@; }
    location /hide/ { proxy_pass http://@peer@; proxy_hide_header X-Secret; proxy_hide_header Set-Cookie; proxy_hide_header content-type; }
    location /pass/ { proxy_pass http://@peer@; proxy_pass_header Server; proxy_pass_header Date; proxy_pass_header X-Accel-Expires; }
    location /add/ { proxy_pass http://@peer@; add_header X-Added "$uri"; add_header X-Always yes always; }
    location /add-text/ { add_header X-Added "a b"; add_header X-Status $status; return 200 "text"; }
    location /add-404/ { add_header X-Added a; add_header X-Always b always; return 404; }
    location /expires/ { proxy_pass http://@peer@; expires -1; }
    location /epoch/ { proxy_pass http://@peer@; expires epoch; }
    location /ignore/ { proxy_pass http://@peer@; proxy_ignore_headers X-Accel-Redirect X-Accel-Expires; }
  })";

const Row kHiddenRows[] = {
    {"HideNothing", "/", "X-Secret: 1\r\nX-Open: 2\r\n"},
    {"Hide", "/hide/",
     "X-Secret: 1\r\nx-secret: 2\r\nX-Open: 2\r\nSet-Cookie: a=b\r\nContent-Type: a/b\r\n"},
    {"Pass", "/pass/",
     "Server: peer/9\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Accel-Expires: "
     "5\r\nX-Accel-Charset: a\r\n"},
    {"PassWhatIsNotThere", "/pass/", ""},
    {"Add", "/add/", "X-Added: mine\r\n"},
    {"ExpiresMinus", "/expires/", "Expires: 0\r\nCache-Control: private\r\n"},
    {"ExpiresEpoch", "/epoch/", ""},
    {"IgnoreAccelRedirect", "/ignore/", "X-Accel-Redirect: /nowhere\r\nX-Accel-Expires: 5\r\n"},
};

const std::string kUpgrades = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    location / {
      proxy_pass http://@peer@;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
    }
  })";

const std::string kWantsUpgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";

std::string redirect(const std::string& lines) {
  return "HTTP/1.1 302 Found\r\n" + lines + "Content-Length: 0\r\n\r\n";
}

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Row& row : kRedirectRows) {
    pairs.push_back({row.name, kRedirects, {get(row.target)}, {redirect(row.lines)}});
  }
  for (const Row& row : kCookieRows) {
    pairs.push_back({row.name, kCookies, {get(row.target)}, {answer("ok", row.lines)}});
  }
  for (const Row& row : kHiddenRows) {
    pairs.push_back({row.name, kHidden, {get(row.target)}, {answer("ok", row.lines)}});
  }
  const std::string switching =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  const std::vector<Pair> others = {
      {"AddToAnError", kHidden, {get("/add/")}, {"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"}},
      {"AddToText", kHidden, {get("/add-text/")}},
      {"AddToAPage", kHidden, {get("/add-404/")}},
      {"Upgrade", kUpgrades, {get("/", kWantsUpgrade)}, {then_close(switching + "hello")}},
      {"UpgradeRefused", kUpgrades, {get("/", kWantsUpgrade)}, {answer("no")}},
      {"UpgradeNotAskedFor", kUpgrades, {get("/")}, {answer("ok")}},
  };
  pairs.insert(pairs.end(), others.begin(), others.end());
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(Rewritten, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
