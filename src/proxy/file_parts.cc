// SPDX-License-Identifier: MIT
#include "proxy/file_parts.h"

#include <unistd.h>

#include <algorithm>

namespace sluice::proxy {

bool FileParts::read(std::span<iovec> pieces, std::size_t& count) {
  if (part_.begin == part_.end) {
    begin_part();
    if (!text_.empty()) {
      pieces[count++] = net::piece_of(text_);
    }
  }
  if (part_.begin == part_.end) {
    return true;
  }
  const ssize_t got =
      ::pread(file_, chunk_.data(), std::min<std::uint64_t>(part_.size(), chunk_.size()),
              static_cast<off_t>(part_.begin));
  if (got <= 0) {
    return false;
  }
  part_.begin += static_cast<std::uint64_t>(got);
  pieces[count++] = net::piece_of({chunk_.data(), static_cast<std::size_t>(got)});
  return true;
}

void FileParts::begin_part() {
  text_.clear();
  if (!parts_.empty()) {
    part_ = parts_.front();
    parts_ = parts_.subspan(1);
    if (multipart_ != nullptr) {
      multipart_->append_head(text_, part_);
    }
  } else if (multipart_ != nullptr) {
    multipart_->append_end(text_);
    multipart_ = nullptr;
  }
}

}  // namespace sluice::proxy
