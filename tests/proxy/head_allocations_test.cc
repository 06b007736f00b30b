// SPDX-License-Identifier: MIT
// Heads are written without a heap allocation once their strings are warm, however many rules of
// the configuration change them.
#include <gtest/gtest.h>

#include "proxy/answer_head.h"
#include "proxy/peer_head.h"
#include "tests/balancers/allocations.h"

namespace sluice::proxy {
namespace {

using Match = confparse::ValueRewrite::Match;

confparse::Text text(const char* value) {
  return {value, {}};
}

struct Example {
  confparse::LocationSettings settings;
  routing::VariableTable variables;
  Location location;
  http::RequestHead request;
  http::AnswerHead answer;
  routing::ConnectionFacts connection;
  routing::Facts facts;

  Example() {
    confparse::ProxySettings& proxy = settings.proxy;
    proxy.set_headers = {{"X-Host", text("$host and more than fits into a small string")},
                         {"X-None", text("$arg_none")}};
    proxy.method = text("$request_method");
    proxy.redirects = {{Match::implied, {}, {}},
                       {Match::regex, text("^http://never(.*)"), text("$1")},
                       {Match::regex, text("^http://peer(.*)$"), text("https://$host$1")}};
    proxy.cookie_domains = {{Match::text, text("$host"), text("example.org")}};
    proxy.cookie_paths = {{Match::regex, text("^/a(.*)"), text("/b$1")}};
    proxy.cookie_flags = {{false, text("session"), {text("secure"), text("$arg_none")}}};
    proxy.hide_headers = {"X-Powered-By"};
    settings.headers.headers.own = {
        {"X-Seen", text("$sent_http_content_type and $upstream_http_x_more"), true}};
    settings.headers.expires.kind = confparse::ExpiresSetting::Kind::max;

    ProxyPass& pass = location.proxy.emplace();
    for (const confparse::ProxyHeader& header : proxy.set_headers) {
      pass.headers.push_back(
          {header.name, http::header_id(header.name), routing::Template(header.value, variables)});
    }
    pass.method.emplace(*proxy.method, variables);
    pass.answer = make_answer_rules(proxy, std::nullopt, variables);
    location.settings = &settings;
    location.added = AddedHeaders(settings.headers, variables);

    request.method_name = "GET";
    request.target = "/a";
    add(request.headers, "Host", "localhost");
    add(request.headers, "User-Agent",
        "a client with a name that is long enough to be on the heap");
    answer.status = 200;
    answer.status_line = "200 OK";
    add(answer.headers, "Content-Type", "text/html");
    add(answer.headers, "Location", "http://peer/a/path/that/is/long/enough/to/be/on/the/heap");
    add(answer.headers, "Set-Cookie", "session=1; Domain=localhost; Path=/a/b/c; HttpOnly");
    add(answer.headers, "X-Powered-By", "something");
    add(answer.headers, "X-More", "and something else");
    facts.request = &request;
    facts.connection = &connection;
    facts.host = "localhost";
    facts.request_uri = "/a";
    facts.answer = &answer;
  }

  static void add(http::Headers& headers, std::string_view name, std::string_view value) {
    headers.add(name, value, http::header_id(name));
  }
};

TEST(Heads, AreWrittenWithoutAnAllocation) {
  const Example example;
  std::string out;
  const auto write = [&] {
    out.clear();
    append_peer_head(out, example.facts, *example.location.proxy, example.settings.proxy, {});
    append_answer_head(out, example.answer, {{}, {}, "sluice", "now"}, example.location,
                       example.facts);
  };
  write();
  const std::string first = out;
  const std::size_t before = balancers::allocations();
  write();
  EXPECT_EQ(balancers::allocations(), before);
  EXPECT_EQ(out, first);
  EXPECT_NE(out.find("Location: https://localhost/a/path"), std::string::npos);
  EXPECT_NE(out.find("session=1; Domain=example.org; Path=/b/b/c; HttpOnly; Secure"),
            std::string::npos);
  EXPECT_NE(out.find("X-Seen: text/html and and something else"), std::string::npos);
}

}  // namespace
}  // namespace sluice::proxy
