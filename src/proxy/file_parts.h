// SPDX-License-Identifier: MIT
// The bytes of a file on their way to a client: all of them, or some parts with what stands
// between.
#pragma once

#include <span>
#include <string>

#include "http/ranges.h"
#include "net/chunks.h"
#include "net/stream.h"

namespace sluice::proxy {

class FileParts {
 public:
  // `multipart` for several parts, else none.  Everything has to stay; `text` is used for heads.
  FileParts(int file, std::span<const http::ByteRange> parts,
            const http::MultipartRanges* multipart, const net::Chunk& chunk, std::string& text)
      : file_(file), parts_(parts), multipart_(multipart), chunk_(chunk), text_(text) {}

  [[nodiscard]] bool done() const {
    return part_.begin == part_.end && parts_.empty() && multipart_ == nullptr;
  }
  // Puts what comes next behind the first `count` pieces; two at most, valid until the next call.
  // False: the file is shorter than it was.
  bool read(std::span<iovec> pieces, std::size_t& count);

 private:
  void begin_part();

  int file_;
  std::span<const http::ByteRange> parts_;  // to come
  const http::MultipartRanges* multipart_;  // none any more once its end is in `text`
  const net::Chunk& chunk_;
  std::string& text_;
  http::ByteRange part_;  // what is left of the present one
};

}  // namespace sluice::proxy
