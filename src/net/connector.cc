// SPDX-License-Identifier: MIT
#include "net/connector.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>

#include "net/socket.h"

namespace sluice::net {

namespace {

int set_option(int handle, int level, int option) {
  const int on = 1;
  return ::setsockopt(handle, level, option, &on, sizeof on);
}

// 0, or -1 with errno.
int set_local(int handle, const Address& local, bool transparent) {
  const bool is_v6 = local.family() == AF_INET6;
  if (transparent && set_option(handle, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                                is_v6 ? IPV6_TRANSPARENT : IP_TRANSPARENT) != 0) {
    return -1;
  }
  if (local.port() == 0) {
    // The port is chosen at connect(): else one port would serve one peer only.
    set_option(handle, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  } else {
    set_option(handle, SOL_SOCKET, SO_REUSEADDR);
  }
  return ::bind(handle, local.get(), local.size());
}

}  // namespace

Task<Connected> connect(Loop& loop, const Address& address, Milliseconds timeout, Interest unless,
                        ConnectOptions options) {
  Descriptor descriptor{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!descriptor) {
    co_return Connected{nullptr, last_system_error()};
  }
  if (!address.is_unix()) {
    set_option(descriptor.get(), IPPROTO_TCP, TCP_NODELAY);
    if (options.keep_alive) {
      set_option(descriptor.get(), SOL_SOCKET, SO_KEEPALIVE);
    }
  }
  const int handle = descriptor.get();
  if (options.local != nullptr && !address.is_unix() &&
      set_local(handle, *options.local, options.transparent) != 0) {
    co_return Connected{nullptr, last_system_error(), true};
  }
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
