// SPDX-License-Identifier: MIT
// How fast is a configuration of ten thousand lines read?  ninja -C build bench/confparse_bench
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>

#include "confparse/lexer.h"
#include "confparse/load.h"
#include "confparse/parser.h"

namespace sluice::confparse {
namespace {

constexpr int kLines = 10'000;

// As many servers as fit, each with what a usual one has.
std::string make_text() {
  std::string text = "events { }\nhttp {\n";
  int lines = 3;
  for (int number = 0; lines + 14 <= kLines; ++number, lines += 14) {
    const std::string name = std::to_string(number);
    text += "    server {\n        listen 127.0.0.1:8080;\n        server_name site" + name +
            ".example.com www.site" + name +
            ".example.com;\n"
            "        client_max_body_size 50m;  # for uploads\n"
            "        location /static/ {\n            root /srv/site" +
            name +
            ";\n            expires 30d;\n        }\n"
            "        location / {\n"
            "            proxy_pass http://127.0.0.1:8000;\n"
            "            proxy_set_header Host $host;\n"
            "            proxy_set_header X-Forwarded-For \"$proxy_add_x_forwarded_for\";\n"
            "        }\n    }\n";
  }
  return text + "}\n";
}

const std::string& text() {
  static const std::string made = make_text();
  return made;
}

std::shared_ptr<const SourceFile> file() {
  return std::make_shared<SourceFile>(SourceFile{"/bench.conf", text()});
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}

void lex(benchmark::State& state) {
  const auto source = file();
  for (auto _ : state) {
    Lexer lexer(source);
    while (lexer.next().ending != Ending::end_of_file) {
    }
  }
  count_bytes(state);
}
BENCHMARK(lex)->Unit(benchmark::kMillisecond);

void parse_tree(benchmark::State& state) {
  const auto source = file();
  for (auto _ : state) {
    benchmark::DoNotOptimize(parse(source));
  }
  count_bytes(state);
}
BENCHMARK(parse_tree)->Unit(benchmark::kMillisecond);

// From the text to the settings: what a reload takes, but for the routing tables.
void load_settings(benchmark::State& state) {
  const std::map<std::string, std::string> files{{"/bench.conf", text()}};
  LoadRequest request;
  request.path = "/bench.conf";
  request.files = &files;
  for (auto _ : state) {
    benchmark::DoNotOptimize(load(request));
  }
  count_bytes(state);
}
BENCHMARK(load_settings)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice::confparse

BENCHMARK_MAIN();
