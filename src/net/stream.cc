// SPDX-License-Identifier: MIT
#include "net/stream.h"

namespace sluice::net {

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

Task<Transfer> read_some(Stream& stream, std::span<char> into, Milliseconds timeout) {
  for (;;) {
    const Transfer got = stream.read_now(into);
    if (!got.must_wait()) {
      co_return got;
    }
    const std::error_code error = co_await wait(timeout, stream.readable());
    if (error) {
      co_return Transfer{0, error};
    }
  }
}

Task<std::error_code> write_rest(Stream& stream, std::span<iovec> pieces, Milliseconds timeout) {
  while (!pieces.empty()) {
    const Transfer put = stream.write_now(pieces);
    if (put.must_wait()) {
      const std::error_code error = co_await wait(timeout, stream.writable());
      if (error) {
        co_return error;
      }
      continue;
    }
    if (put.error) {
      co_return put.error;
    }
    pieces = drop_front(pieces, put.bytes);
  }
  co_return std::error_code{};
}

}  // namespace sluice::net
