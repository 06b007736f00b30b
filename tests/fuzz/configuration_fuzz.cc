// SPDX-License-Identifier: MIT
// Any bytes as a configuration, from the lexer to the checks of the whole: it loads, or there is an
// error; and each error and warning names a place that is inside the text it speaks of.
//
// Form feeds cut the input into the main file, a.conf, b.conf and what -g says.  No other file can
// be read.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "balancers/strategies.h"
#include "confparse/load.h"
#include "tests/fuzz/require.h"

namespace {

using namespace sluice;
using tests::require;

// Where a line of the text begins; there must be such a line.
std::size_t begin_of_line(std::string_view text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', begin);
    require(end != std::string_view::npos);
    begin = end + 1;
  }
  return begin;
}

// The place of an end of file is one byte behind it.
void judge(const confparse::Position& place) {
  require(place.file != nullptr && place.line > 0 && place.column > 0 && place.length > 0);
  const std::string_view text = place.file->text;
  const std::size_t begin = begin_of_line(text, place.line) + place.column - 1;
  const std::size_t end_of_line = std::min(text.find('\n', begin), text.size());
  require(begin <= end_of_line);
  require(begin + place.length <= text.size() || (begin == text.size() && place.length == 1));
}

void judge(const confparse::Position& place, std::string_view message, std::string_view advice) {
  require(!message.empty());
  // What is not there at all has no place.
  if (message == "no \"events\" section in configuration") {
    require(place.file == nullptr);
  } else {
    judge(place);
  }
  const std::string shown = confparse::explain(place, message, advice);
  for (const char byte : shown) {
    require(static_cast<unsigned char>(byte) >= 0x20 || byte == '\n' || byte == '\t');
  }
}

std::vector<confparse::StrategyRow> strategies() {
  std::vector<confparse::StrategyRow> rows;
  for (const balancers::Strategy& strategy : balancers::strategies()) {
    rows.push_back({std::string(strategy.directive), strategy.least_words, strategy.most_words,
                    strategy.takes_backup, strategy.has_key, strategy.complaint,
                    strategy.most_weight});
  }
  return rows;
}

void load(std::string_view text) {
  std::array<std::string, 4> parts;
  for (std::string& part : parts) {
    const std::size_t end = std::min(text.find('\f'), text.size());
    part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const std::map<std::string, std::string> files{
      {"/fuzz/main.conf", parts[0]}, {"/fuzz/a.conf", parts[1]}, {"/fuzz/b.conf", parts[2]}};
  static const std::vector<confparse::StrategyRow> rows = strategies();
  confparse::LoadRequest request;
  request.path = "/fuzz/main.conf";
  request.global_directives = parts[3];
  request.strategies = rows;
  request.files = &files;
  try {
    const confparse::Loaded loaded = confparse::load(request);
    for (const confparse::Warning& warning : loaded.warnings) {
      judge(warning.position, warning.message, warning.advice);
    }
  } catch (const confparse::ConfigError& error) {
    judge(error.position(), error.what(), error.advice());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > 16384) return 0;
  load({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
