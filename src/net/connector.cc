// SPDX-License-Identifier: MIT
#include "net/connector.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>

#include "net/socket.h"

namespace sluice::net {

Task<Connected> connect(Loop& loop, const Address& address, Milliseconds timeout, Interest unless) {
  Descriptor descriptor{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!descriptor) {
    co_return Connected{nullptr, last_system_error()};
  }
  if (!address.is_unix()) {
    const int on = 1;
    ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  const int handle = descriptor.get();
  // EAGAIN is a unix: socket whose queue is full; nginx counts it as a refusal as well.
  const bool at_once = ::connect(handle, address.get(), address.size()) == 0;
  if (!at_once && errno != EINPROGRESS) {
    co_return Connected{nullptr, last_system_error()};
  }
  auto stream = std::make_unique<Socket>(
      loop, std::move(descriptor), at_once ? Socket::State::connected : Socket::State::connecting);
  if (at_once) {
    co_return Connected{std::move(stream), {}};
  }
  Woken woken;
  if (unless.watch == nullptr) {
    woken.error = co_await wait(timeout, stream->writable());
  } else {
    woken = co_await wait_any(timeout, stream->writable(), unless);
    if (!woken.error && woken.which == 1) {
      woken.error = Errc::cancelled;
    }
  }
  if (woken.error) {
    co_return Connected{nullptr, woken.error};
  }
  int failure = 0;
  socklen_t size = sizeof failure;
  ::getsockopt(handle, SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure != 0) {
    co_return Connected{nullptr, {failure, std::system_category()}};
  }
  co_return Connected{std::move(stream), {}};
}

}  // namespace sluice::net
