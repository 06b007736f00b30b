// SPDX-License-Identifier: MIT
// What does it cost to find the server, the location, the value of a variable, a log line?
//
//   ninja -C build bench/routing_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "routing/locations.h"
#include "routing/server_names.h"
#include "routing/template.h"

namespace sluice::routing {
namespace {

using confparse::LocationBlock;
using confparse::MatchKind;
using confparse::ServerBlock;

// Which of many servers, named exactly and by wildcards; the last is the default.
struct Hosts {
  explicit Hosts(std::size_t count) : blocks(count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = "site" + std::to_string(i) + ".example.com";
      blocks[i].names.push_back({name, {}});
      blocks[i].names.push_back({"*." + name, {}});
      pointers.push_back(&blocks[i]);
    }
    names.emplace_back(pointers, count - 1, variables);
  }
  std::vector<ServerBlock> blocks;
  std::vector<const ServerBlock*> pointers;
  VariableTable variables;
  std::vector<ServerNames> names;
};

void find_server(benchmark::State& state, const std::string& before, const std::string& after) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Hosts hosts(count);
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < 64; ++i) {
    asked.push_back(before + "site" + std::to_string(i * 157 % count) + after);
  }
  Captures captures;
  std::size_t next = 0;
  for (auto _ : state) {
    captures.clear();
    benchmark::DoNotOptimize(hosts.names[0].find(asked[next++ % asked.size()], captures));
  }
}
BENCHMARK_CAPTURE(find_server, exact, "", ".example.com")->Arg(10)->Arg(10'000);
BENCHMARK_CAPTURE(find_server, wildcard, "www.", ".example.com")->Arg(10)->Arg(10'000);
BENCHMARK_CAPTURE(find_server, nobody, "", ".example.org")->Arg(10)->Arg(10'000);

LocationBlock location(MatchKind kind, std::string pattern) {
  LocationBlock block;
  block.kind = kind;
  block.pattern.value = std::move(pattern);
  return block;
}

void find_location(benchmark::State& state, const std::string& before, const std::string& after) {
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<LocationBlock> blocks{location(MatchKind::prefix, "/")};
  for (std::size_t i = 0; i < count; ++i) {
    blocks.push_back(location(i % 2 == 0 ? MatchKind::prefix : MatchKind::exact,
                              "/app/" + std::to_string(i) + "/page"));
  }
  VariableTable variables;
  const Locations locations(blocks, variables);
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < 64; ++i) {
    asked.push_back(before + std::to_string(i * 156 % count) + after);
  }
  Captures captures;
  std::size_t next = 0;
  for (auto _ : state) {
    captures.clear();
    benchmark::DoNotOptimize(locations.find(asked[next++ % asked.size()], captures));
  }
}
BENCHMARK_CAPTURE(find_location, prefix, "/app/", "/page/of/it")->Arg(10)->Arg(10'000);
BENCHMARK_CAPTURE(find_location, none_but_root, "/other/", "/page")->Arg(10)->Arg(10'000);

void find_location_by_regex(benchmark::State& state) {
  std::vector<LocationBlock> blocks{location(MatchKind::prefix, "/")};
  for (const char* ending : {"php", "py", "pl", "cgi", "fcgi", "js", "css", "png", "gif", "jpg"}) {
    blocks.push_back(location(MatchKind::regex, "\\." + std::string(ending) + "$"));
  }
  VariableTable variables;
  const Locations locations(blocks, variables);
  Captures captures;
  for (auto _ : state) {
    captures.clear();
    benchmark::DoNotOptimize(locations.find("/static/images/photo.jpg", captures));
  }
}
BENCHMARK(find_location_by_regex);  // the last of ten

// An exchange that has got its answer.
struct Example {
  http::RequestHead request;
  http::DateCache dates;
  ConnectionFacts connection;
  Facts facts;

  Example() {
    request.method_name = "GET";
    request.target = "/index.html?a=b";
    add("Host", "example.com");
    add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0");
    add("Referer", "https://example.com/from/here");
    add("Cookie", "a=b; session=0123456789abcdef");
    connection.remote.bytes = {192, 0, 2, 1};
    connection.remote.size = 4;
    connection.remote.port = 50'000;
    facts.connection = &connection;
    facts.request = &request;
    facts.dates = &dates;
    facts.now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    facts.line = "GET /index.html?a=b HTTP/1.1";
    facts.host = facts.server_name = "example.com";
    facts.uri = "/index.html";
    facts.args = "a=b";
    facts.has_args = true;
    facts.request_uri = "/index.html?a=b";
    facts.status = 200;
    facts.body_bytes_sent = 1234;
  }
  void add(std::string_view name, std::string_view value) {
    request.headers.add(name, value, http::header_id(name));
  }
};

void expand(benchmark::State& state, const std::string& text) {
  const Example example;
  const Template compiled({text, {}}, VariableTable{});
  std::string out;
  for (auto _ : state) {
    out.clear();
    compiled.append_to(out, example.facts);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(expand, host, "$host");
BENCHMARK_CAPTURE(expand, redirect, "https://$host$request_uri");
BENCHMARK_CAPTURE(expand, remote_addr, "$remote_addr");
BENCHMARK_CAPTURE(expand, header, "$http_user_agent");
BENCHMARK_CAPTURE(expand, cookie, "$cookie_session");
BENCHMARK_CAPTURE(expand, argument, "$arg_a");

void write_log_line(benchmark::State& state) {
  const Example example;
  const Template combined({"$remote_addr - $remote_user [$time_local] \"$request\" $status "
                           "$body_bytes_sent \"$http_referer\" \"$http_user_agent\"\n",
                           {}},
                          VariableTable{});
  std::string out;
  for (auto _ : state) {
    out.clear();
    combined.append_log_to(out, example.facts);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_log_line);  // combined

}  // namespace
}  // namespace sluice::routing

BENCHMARK_MAIN();
