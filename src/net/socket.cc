// SPDX-License-Identifier: MIT
#include "net/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sluice::net {
namespace {

// The system's calls by themselves: the C library's are points where a thread may be cancelled, and
// take care of that with two atomic operations each as soon as there are threads.
ssize_t receive(int descriptor, std::span<char> into) {
  return ::syscall(SYS_recvfrom, descriptor, into.data(), into.size(), 0, nullptr, nullptr);
}
ssize_t send(int descriptor, const void* bytes, std::size_t size) {
  return ::syscall(SYS_sendto, descriptor, bytes, size, MSG_NOSIGNAL, nullptr, 0);
}

// A head and a small body cost less as one piece than the kernel's walk over two.
ssize_t send(int descriptor, std::span<const iovec> pieces) {
  std::array<char, 1024> together;
  std::size_t size = 0;
  if (pieces.size() == 1) {
    return send(descriptor, pieces[0].iov_base, pieces[0].iov_len);
  }
  for (const iovec& piece : pieces) {
    if (piece.iov_len > together.size() - size) {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(pieces.data());
      message.msg_iovlen = pieces.size();
      return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
    }
    std::memcpy(together.data() + size, piece.iov_base, piece.iov_len);
    size += piece.iov_len;
  }
  return send(descriptor, together.data(), size);
}

}  // namespace

Socket::Socket(Loop& loop, Descriptor descriptor, State state)
    : descriptor_(std::move(descriptor)), watch_(loop, descriptor_.get()) {
  if (state == State::connected) {
    watch_.set_ready(Until::writable);
  }
}

Transfer Socket::read_now(std::span<char> into) {
  if (!watch_.ready(Until::readable)) {
    return {0, Errc::would_block};
  }
  for (;;) {
    const ssize_t got = receive(descriptor_.get(), into);
    if (got > 0) {
      // A short read means the socket is empty: the next news comes as an edge.  After a hang-up
      // no edge follows, so the end has still to be read.
      if (static_cast<std::size_t>(got) < into.size() && !watch_.ready(Until::hung_up)) {
        watch_.clear(Until::readable);
      }
      return {static_cast<std::size_t>(got), {}};
    }
    if (got == 0) {
      watch_.set_ready(Until::hung_up);
      return {0, Errc::end_of_stream};
    }
    if (errno == EINTR) {
      continue;
    }
    if (errno == EAGAIN) {
      watch_.clear(Until::readable);
      return {0, Errc::would_block};
    }
    return {0, last_system_error()};
  }
}

Transfer Socket::write_now(std::span<const iovec> pieces) {
  if (!watch_.ready(Until::writable)) {
    return {0, Errc::would_block};
  }
  for (;;) {
    const ssize_t put = send(descriptor_.get(), pieces);
    if (put >= 0) {
      return {static_cast<std::size_t>(put), {}};
    }
    if (errno == EINTR) {
      continue;
    }
    if (errno == EAGAIN) {
      watch_.clear(Until::writable);
      return {0, Errc::would_block};
    }
    return {0, last_system_error()};
  }
}

Transfer Socket::splice_into(Pipe& pipe, std::size_t most) {
  if (!watch_.ready(Until::readable)) {
    return {0, Errc::would_block};
  }
  for (;;) {
    const ssize_t got = ::splice(descriptor_.get(), nullptr, pipe.in(), nullptr, most,
                                 SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (got > 0) {
      // Fewer than asked for may mean a full pipe as well as an empty socket: the next call tells.
      pipe.filled(static_cast<std::size_t>(got));
      return {static_cast<std::size_t>(got), {}};
    }
    if (got == 0) {
      watch_.set_ready(Until::hung_up);
      return {0, Errc::end_of_stream};
    }
    if (errno == EINTR) {
      continue;
    }
    if (errno == EAGAIN) {  // the pipe is empty, so it is the socket that has nothing
      watch_.clear(Until::readable);
      return {0, Errc::would_block};
    }
    return {0, last_system_error()};
  }
}

Transfer Socket::splice_from(Pipe& pipe) {
  if (!watch_.ready(Until::writable)) {
    return {0, Errc::would_block};
  }
  for (;;) {
    const ssize_t put = ::splice(pipe.out(), nullptr, descriptor_.get(), nullptr, pipe.size(),
                                 SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (put > 0) {
      pipe.emptied(static_cast<std::size_t>(put));
      return {static_cast<std::size_t>(put), {}};
    }
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put == 0 || errno == EAGAIN) {
      watch_.clear(Until::writable);
      return {0, Errc::would_block};
    }
    return {0, last_system_error()};
  }
}

void Socket::shut_down_sending() {
  ::shutdown(descriptor_.get(), SHUT_WR);
}

void Socket::collect_small_writes() {
  const int off = 0;
  ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &off, sizeof off);
}

void Socket::reset_on_close() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace sluice::net
