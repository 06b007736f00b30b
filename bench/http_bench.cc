// SPDX-License-Identifier: MIT
// What does it cost to read a head, a chunk, a path?
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "http/body.h"
#include "http/parser.h"
#include "http/uri.h"
#include "http/writer.h"

namespace {

using namespace sluice;

// What a browser sends: eight headers.
constexpr std::string_view kRequest =
    "GET /index.html?a=b HTTP/1.1\r\n"
    "Host: example.com\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: a=b; session=0123456789abcdef\r\n"
    "Cache-Control: max-age=0\r\n\r\n";

// What load generators send.
constexpr std::string_view kSmallRequest =
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: wrk\r\n\r\n";

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\n"
    "Server: TornadoServer/6.2\r\n"
    "Content-Type: text/html; charset=UTF-8\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    "Etag: \"0123456789abcdef0123456789abcdef01234567\"\r\n"
    "Content-Length: 20\r\n\r\n";

void read_request(benchmark::State& state, std::string_view text) {
  http::RequestParser parser;
  for (auto _ : state) {
    parser.restart();
    benchmark::DoNotOptimize(parser.parse(text));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(read_request, of_a_browser, kRequest);
BENCHMARK_CAPTURE(read_request, small, kSmallRequest);

void read_answer(benchmark::State& state) {
  http::AnswerParser parser;
  for (auto _ : state) {
    parser.restart(http::Method::get);
    benchmark::DoNotOptimize(parser.parse(kAnswer));
  }
}
BENCHMARK(read_answer);

// A body of 64 KiB in chunks of this size.
void read_chunks(benchmark::State& state) {
  constexpr std::size_t kBody = 65'536;
  const auto chunk = static_cast<std::size_t>(state.range(0));
  std::string body;
  for (std::size_t at = 0; at < kBody; at += chunk) {
    std::array<char, 24> line;
    body.append(http::chunk_size_line(chunk, line)).append(chunk, 'x').append("\r\n");
  }
  body += http::kLastChunk;
  http::BodyReader reader;
  for (auto _ : state) {
    reader.restart({http::Framing::Kind::chunked, 0});
    std::string_view rest = body;
    while (!reader.done()) rest.remove_prefix(reader.take(rest).consumed);
    benchmark::DoNotOptimize(rest);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBody / chunk));
}
BENCHMARK(read_chunks)->Arg(64)->Arg(4096)->Arg(65'536);

void normalise_path(benchmark::State& state, std::string_view path) {
  std::string storage;
  for (auto _ : state) benchmark::DoNotOptimize(http::normalise_path(path, true, storage));
}
BENCHMARK_CAPTURE(normalise_path, plain, "/static/images/logo.png");
BENCHMARK_CAPTURE(normalise_path, escaped, "/static/../images//my%20logo.png");

}  // namespace

BENCHMARK_MAIN();
