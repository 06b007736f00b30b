// SPDX-License-Identifier: MIT
// What does it cost to write a head: a peer's request, a client's answer, with and without rules
// that change headers?  ninja -C build bench/heads_bench
#include <benchmark/benchmark.h>

#include <string>

#include "proxy/answer_head.h"
#include "proxy/peer_head.h"

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

  explicit Example(bool rewrites) {
    confparse::ProxySettings& proxy = settings.proxy;
    if (rewrites) {
      proxy.set_headers = {{"Host", text("$host")},
                           {"X-Real-IP", text("$remote_addr")},
                           {"X-Forwarded-For", text("$proxy_add_x_forwarded_for")},
                           {"X-Forwarded-Proto", text("$scheme")}};
      proxy.redirects = {{Match::regex, text("^http://peer(.*)$"), text("https://$host$1")}};
      proxy.cookie_domains = {{Match::text, text("peer"), text("example.org")}};
      proxy.hide_headers = {"X-Powered-By"};
      settings.headers.headers.own = {{"X-Frame-Options", text("DENY"), true}};
    }
    ProxyPass& pass = location.proxy.emplace();
    pass.host = "peer";
    for (const confparse::ProxyHeader& header : proxy.set_headers) {
      pass.headers.push_back(
          {header.name, http::header_id(header.name), routing::Template(header.value, variables)});
    }
    pass.answer = make_answer_rules(proxy, std::nullopt, variables);
    location.settings = &settings;
    location.added = AddedHeaders(settings.headers, variables);

    request.method_name = "GET";
    request.method = http::Method::get;
    request.target = "/index.html?a=b";
    add(request.headers, "Host", "example.com");
    add(request.headers, "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0");
    add(request.headers, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    add(request.headers, "Accept-Language", "en-US,en;q=0.5");
    add(request.headers, "Accept-Encoding", "gzip, deflate, br");
    add(request.headers, "Connection", "keep-alive");
    add(request.headers, "Cookie", "a=b; session=0123456789abcdef");
    answer.status = 200;
    answer.status_line = "200 OK";
    add(answer.headers, "Server", "TornadoServer/6.2");
    add(answer.headers, "Content-Type", "text/html; charset=UTF-8");
    add(answer.headers, "Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    add(answer.headers, "Etag", "\"0123456789abcdef0123456789abcdef01234567\"");
    add(answer.headers, "Set-Cookie", "session=1; Domain=peer; Path=/; HttpOnly");
    add(answer.headers, "X-Powered-By", "something");
    connection.remote.bytes = {192, 0, 2, 1};
    connection.remote.size = 4;
    facts.connection = &connection;
    facts.request = &request;
    facts.host = "example.com";
    facts.request_uri = "/index.html?a=b";
    facts.answer = &answer;
  }

  static void add(http::Headers& headers, std::string_view name, std::string_view value) {
    headers.add(name, value, http::header_id(name));
  }
};

void write_peer_head(benchmark::State& state, bool rewrites) {
  const Example example(rewrites);
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_peer_head(out, example.facts, *example.location.proxy, example.settings.proxy, {});
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(write_peer_head, as_it_came, false);
BENCHMARK_CAPTURE(write_peer_head, rewritten, true);

void write_answer_head(benchmark::State& state, bool rewrites) {
  const Example example(rewrites);
  const AnswerFrame frame{
      {BodyPlan::Kind::length, 20}, {1, true, {}}, "sluice", "Sun, 06 Nov 1994 08:49:37 GMT"};
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_answer_head(out, example.answer, frame, example.location, example.facts);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(write_answer_head, as_it_came, false);
BENCHMARK_CAPTURE(write_answer_head, rewritten, true);

}  // namespace
}  // namespace sluice::proxy

BENCHMARK_MAIN();
