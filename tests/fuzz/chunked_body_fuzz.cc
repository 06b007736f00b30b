// SPDX-License-Identifier: MIT
// Any bytes as a chunked body: the same content however they come, and what was read, written again
// by the book, is read as the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/body.h"
#include "http/writer.h"
#include "tests/fuzz/require.h"
#include "tests/support/cut_everywhere.h"

namespace {

using namespace sluice;
using tests::require;

struct Body {
  std::string content;
  std::string rewritten;
  std::size_t consumed = 0;
  bool done = false;
  bool invalid = false;
};

Body read_in_parts(std::string_view text, std::size_t part_size) {
  http::BodyReader reader;
  reader.restart({http::Framing::Kind::chunked, 0});
  Body body;
  std::array<char, 24> size_line;
  for (std::size_t begin = 0; begin < text.size() && !body.done && !body.invalid;
       begin += part_size) {
    const tests::ExactCopy part{text.substr(begin, part_size)};
    std::string_view rest = part.view();
    for (;;) {
      const auto step = reader.take(rest);
      require(step.consumed <= rest.size());
      require(step.piece.empty() ||
              step.piece.data() + step.piece.size() == rest.data() + step.consumed);
      body.content += step.piece;
      if (!step.piece.empty()) {
        body.rewritten.append(http::chunk_size_line(step.piece.size(), size_line));
        body.rewritten.append(step.piece).append("\r\n");
      }
      body.consumed += step.consumed;
      rest.remove_prefix(step.consumed);
      body.invalid = step.invalid;
      body.done = reader.done();
      if (step.piece.empty() || body.done) break;
    }
    require(body.done || body.invalid || rest.empty());
  }
  body.rewritten += http::kLastChunk;
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const Body whole = read_in_parts(text, size + 1);
  for (const std::size_t part_size : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    const Body cut = read_in_parts(text, part_size);
    require(cut.content == whole.content && cut.consumed == whole.consumed);
    require(cut.done == whole.done && cut.invalid == whole.invalid);
  }
  if (!whole.done) return 0;
  const Body again = read_in_parts(whole.rewritten, whole.rewritten.size());
  require(again.done && again.content == whole.content);
  return 0;
}
