// SPDX-License-Identifier: MIT
#include "http/body.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace sluice::http {

namespace {

constexpr auto kEndless = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void BodyReader::restart(const Framing& framing) {
  kind_ = framing.kind;
  left_ = 0;
  if (kind_ == Framing::Kind::length) left_ = framing.length;
  if (kind_ == Framing::Kind::until_close) left_ = kEndless;
  if (is_chunked()) chunks_ = {};
}

BodyReader::Step BodyReader::take(std::string_view bytes) {
  std::size_t begin = 0;
  if (is_chunked() && left_ == 0) {
    const ChunkFraming::Step step = chunks_.take(bytes);
    if (step.invalid || step.content == 0) return {{}, step.consumed, step.invalid};
    left_ = step.content;
    begin = step.consumed;
  }
  return take_content(bytes, begin);
}

BodyReader::Step BodyReader::take_content(std::string_view bytes, std::size_t begin) {
  const auto size = std::min<std::uint64_t>(bytes.size() - begin, left_);
  const std::string_view piece = bytes.substr(begin, static_cast<std::size_t>(size));
  skip(size);
  return {piece, begin + piece.size(), false};
}

void BodyReader::skip(std::uint64_t size) {
  assert(size <= left_);
  if (kind_ != Framing::Kind::until_close) left_ -= size;
}

}  // namespace sluice::http
