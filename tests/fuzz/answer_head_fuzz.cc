// SPDX-License-Identifier: MIT
// Any bytes as an answer: the same head or refusal however they come, and views that stay inside.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/parser.h"
#include "tests/fuzz/require.h"
#include "tests/support/cut_everywhere.h"

namespace {

using namespace sluice;
using http::Progress;
using tests::require;
using tests::require_inside;

void judge(const http::AnswerHead& head, std::string_view bytes) {
  require(head.size <= bytes.size());
  const std::string_view text = bytes.substr(0, head.size);
  require(text.ends_with("\r\n\r\n"));
  require(head.status >= 100 && head.status <= 999);
  require_inside(head.status_line, text);
  for (const http::Header& header : head.headers) {
    require_inside(header.name, text);
    require_inside(header.value, text);
    require(!header.name.empty());
    require(header.name.find_first_of(" \t\r\n:") == std::string_view::npos);
    require(header.value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos);
  }
  require(!head.keep_alive || head.body.kind != http::Framing::Kind::until_close);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  const http::Method to = (bytes[0] & 1) != 0 ? http::Method::head : http::Method::get;
  http::AnswerParser whole;
  whole.restart(to);
  const Progress progress = whole.parse(text);
  if (progress == Progress::complete) judge(whole.head(), text);

  http::AnswerParser cut;
  cut.restart(to);
  Progress cut_progress = Progress::incomplete;
  for (std::size_t end = 0; end <= text.size() && cut_progress == Progress::incomplete; ++end) {
    const tests::ExactCopy come{text.substr(0, end)};
    cut_progress = cut.parse(come.view());
    if (cut_progress == Progress::complete) judge(cut.head(), come.view());
  }
  require(progress == cut_progress);
  if (progress == Progress::complete) {
    require(whole.head().size == cut.head().size);
    require(whole.head().status == cut.head().status);
    require(whole.head().headers.size() == cut.head().headers.size());
    require(whole.head().body.kind == cut.head().body.kind);
    require(whole.head().body.length == cut.head().body.length);
  }
  return 0;
}
