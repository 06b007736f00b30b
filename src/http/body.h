// SPDX-License-Identifier: MIT
// Where does this body end?  Turns received bytes into pieces of content, whatever the framing.
// Used for both directions: the client's upload and the peer's answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "http/head.h"
#include "http/parser.h"

namespace sluice::http {

class BodyReader {
 public:
  BodyReader();
  ~BodyReader();
  BodyReader(BodyReader&&) noexcept;
  BodyReader& operator=(BodyReader&&) noexcept;

  // Begins a body with this framing.  Forgets the last one; keeps its memory.
  void restart(const Framing& framing);

  // Looks at `bytes`, which follow those already consumed.  Takes one contiguous piece of content
  // at most (skipping chunk-size lines before it): `piece` is a view into `bytes`, `consumed` says
  // how many bytes are dealt with; what is left must be given again.  When nothing more can be done
  // without new bytes: piece empty and consumed may be less than or equal bytes.size() (the decoder
  // keeps its own state for a size line cut in the middle: consumed == bytes.size() then).
  struct Step {
    std::string_view piece;
    std::size_t consumed = 0;
    bool invalid = false;  // framing in doubt: answer 400 / reset, close both sides
  };
  Step take(std::string_view bytes);

  // The whole body was taken: last chunk and trailer section included.
  [[nodiscard]] bool done() const;
  // The other side closed its connection: is the body complete by that?  (Kind::until_close only.)
  [[nodiscard]] bool close_completes() const;
  // Kind::length: bytes still to come, so that a reader never reads beyond them (and splice knows
  // its count).  Kind::until_close: the largest number.  Kind::chunked: content bytes left of the
  // present chunk.
  [[nodiscard]] std::uint64_t remaining() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::http
