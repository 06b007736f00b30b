// SPDX-License-Identifier: MIT
// Where does this body end?  Turns received bytes into pieces of content, whatever the framing.
// Used for both directions: the client's upload and the peer's answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/chunked.h"
#include "http/head.h"

namespace sluice::http {

class BodyReader {
 public:
  // Begins a body with this framing.  Forgets the last one.
  void restart(const Framing& framing);
  // Of this body, if it is chunked: ChunkFraming::keep_trailers().
  void keep_trailers(std::string* into) { chunks_.keep_trailers(into); }

  // Looks at `bytes`, which follow those already consumed.  Takes one contiguous piece of content
  // at most (with the chunk-size lines before it): `piece` is a view into `bytes`, `consumed` says
  // how many bytes are dealt with and ends with the piece; what is left must be given again.  An
  // empty piece means that nothing more can be done without new bytes, or ever: all bytes are
  // consumed then, but for those after the body.
  struct Step {
    std::string_view piece;
    std::size_t consumed = 0;
    bool invalid = false;  // framing in doubt: answer 400 / reset, close both sides
  };
  Step take(std::string_view bytes);

  // The whole body was taken: last chunk and trailer section included.
  [[nodiscard]] bool done() const { return is_chunked() ? chunks_.done() : left_ == 0; }
  // The other side closed its connection: is the body complete by that?  (Kind::until_close only.)
  [[nodiscard]] bool close_completes() const { return kind_ == Framing::Kind::until_close; }
  // Kind::length: bytes still to come, so that a reader never reads beyond them (and splice knows
  // its count).  Kind::until_close: the largest number.  Kind::chunked: content bytes left of the
  // present chunk.
  [[nodiscard]] std::uint64_t remaining() const { return left_; }
  // Content was taken without us: spliced, say.  At most remaining().
  void skip(std::uint64_t size);

 private:
  [[nodiscard]] bool is_chunked() const { return kind_ == Framing::Kind::chunked; }
  Step take_content(std::string_view bytes, std::size_t begin);

  Framing::Kind kind_ = Framing::Kind::none;
  std::uint64_t left_ = 0;  // content to come before the next framing or the end
  ChunkFraming chunks_;
};

}  // namespace sluice::http
