// SPDX-License-Identifier: MIT
#include "backend/output.h"

#include <cerrno>

#include <sys/socket.h>

#include "backend/pattern.h"

namespace sluice::backend {

bool Output::try_flush(int flags) {
  while (sent_ < text_.size()) {
    const ssize_t sent = ::send(socket_.native_handle(), text_.data() + sent_, text_.size() - sent_,
                                flags | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return false;
    if (sent < 0) break;  // the next read tells
    sent_ += static_cast<std::size_t>(sent);
  }
  text_.clear();
  sent_ = 0;
  return true;
}

Task<bool> Output::flush(int flags) {
  while (!try_flush(flags)) {
    const auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
    if (error) co_return false;
  }
  co_return true;
}

Task<bool> Output::send_pattern(std::uint64_t offset, std::uint64_t size) {
  while (size > 0) {
    const ssize_t sent = backend::send_pattern(socket_.native_handle(), offset, size);
    if (sent > 0) {
      offset += static_cast<std::uint64_t>(sent);
      size -= static_cast<std::uint64_t>(sent);
      continue;
    }
    if (sent == 0 || (errno != EAGAIN && errno != EINTR)) co_return false;
    const auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
    if (error) co_return false;
  }
  co_return true;
}

}  // namespace sluice::backend
