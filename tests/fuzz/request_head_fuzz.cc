// SPDX-License-Identifier: MIT
// Any bytes as a request: the same head or the same refusal, whether they come at once or byte by
// byte; views that stay inside; and no head that a peer could read otherwise.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/parser.h"
#include "http/uri.h"
#include "tests/fuzz/require.h"
#include "tests/support/cut_everywhere.h"

namespace {

using namespace sluice;
using http::Progress;
using tests::require;
using tests::require_inside;

void judge(const http::RequestHead& head, std::string_view bytes) {
  require(head.size <= bytes.size());
  const std::string_view text = bytes.substr(0, head.size);
  require(text.ends_with("\r\n\r\n"));
  for (const std::string_view part : {head.line, head.method_name, head.target, head.authority}) {
    require_inside(part, text);
  }
  int framings = 0;
  for (const http::Header& header : head.headers) {
    require_inside(header.name, text);
    require_inside(header.value, text);
    require(!header.name.empty());
    require(header.name.find_first_of(" \t\r\n:") == std::string_view::npos);
    require(header.value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos);
    require(header.id == http::header_id(header.name));
    framings += header.id == http::HeaderId::content_length;
    framings += header.id == http::HeaderId::transfer_encoding;
  }
  require(framings == (head.body.kind == http::Framing::Kind::none ? 0 : 1));
  require(!head.target.empty() && head.target.find(' ') == std::string_view::npos);
}

http::HeaderRules rules_of(std::uint8_t choice) {
  return {(choice & 1) == 0, (choice & 2) != 0};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  http::RequestParser whole;
  whole.restart(rules_of(bytes[0]));
  const Progress progress = whole.parse(text);
  if (progress == Progress::complete) judge(whole.head(), text);

  http::RequestParser cut;
  cut.restart(rules_of(bytes[0]));
  Progress cut_progress = Progress::incomplete;
  for (std::size_t end = 0; end <= text.size() && cut_progress == Progress::incomplete; ++end) {
    const tests::ExactCopy come{text.substr(0, end)};
    cut_progress = cut.parse(come.view());
    if (cut_progress == Progress::complete) judge(cut.head(), come.view());
  }
  require(progress == cut_progress);
  if (progress == Progress::invalid) require(whole.refusal().status == cut.refusal().status);
  if (progress == Progress::complete) {
    require(whole.head().size == cut.head().size);
    require(whole.head().headers.size() == cut.head().headers.size());
    require(whole.head().body.length == cut.head().body.length);
  }
  return 0;
}
