// SPDX-License-Identifier: MIT
#include "net/stream.h"

#include <poll.h>

#include <cassert>

namespace sluice::net {

bool Stream::has_news() const {
  pollfd looked{descriptor(), POLLIN | POLLRDHUP, 0};
  return ::poll(&looked, 1, 0) != 0;
}

Transfer Stream::splice_into(Pipe& /*pipe*/, std::size_t /*most*/) {
  assert(can_splice() && "not without");
  return {0, std::make_error_code(std::errc::not_supported)};
}

Transfer Stream::splice_from(Pipe& /*pipe*/) {
  assert(can_splice() && "not without");
  return {0, std::make_error_code(std::errc::not_supported)};
}

std::span<iovec> drop_front(std::span<iovec> pieces, std::size_t bytes) {
  while (!pieces.empty() && bytes >= pieces.front().iov_len) {
    bytes -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (bytes > 0) {
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + bytes;
    pieces.front().iov_len -= bytes;
  }
  return pieces;
}

}  // namespace sluice::net
