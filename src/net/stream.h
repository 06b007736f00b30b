// SPDX-License-Identifier: MIT
// Bytes in, bytes out: one connection, whatever carries it (a socket, TLS, later io_uring).
//
// Try first, wait only when refused: read_now and write_now never block, and the awaits of wait.h
// are for when they answer Errc::would_block.  Belongs to one loop.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include "net/pipe.h"
#include "net/task.h"
#include "net/wait.h"

namespace sluice::net {

// What one attempt moved.  With an error, `bytes` is 0.
struct Transfer {
  std::size_t bytes = 0;
  std::error_code error;  // Errc::would_block, Errc::end_of_stream, or the system's

  [[nodiscard]] bool must_wait() const { return error == Errc::would_block; }
};

class Stream {
 public:
  virtual ~Stream() = default;

  virtual Transfer read_now(std::span<char> into) = 0;
  virtual Transfer write_now(std::span<const iovec> pieces) = 0;

  // May bytes pass between this and a pipe inside the kernel?  Never where they have to be looked
  // at on the way (TLS).  Only then the next two may be called.
  [[nodiscard]] virtual bool can_splice() const { return false; }
  // As read_now(), at most `most` bytes into `pipe`, which is open and empty.
  virtual Transfer splice_into(Pipe& pipe, std::size_t most);
  // As write_now(): what `pipe` holds.  It is not empty.
  virtual Transfer splice_from(Pipe& pipe);

  // What to wait for before the next attempt.
  virtual Interest readable() = 0;
  virtual Interest writable() = 0;
  // The other side is gone or has closed its half; seen without reading.
  virtual Interest hung_up() = 0;
  // Nothing of the stream's: for a pause that cancel() ends.
  virtual Interest never() = 0;
  // Bytes or an end may be there: an idle connection that says so is not idle any more.
  [[nodiscard]] bool may_be_readable() {
    const Interest interest = readable();
    return interest.watch->ready(interest.until);
  }

  // Have bytes or an end come that the loop has not told of yet?  Costs a system call.
  [[nodiscard]] bool has_news() const;

  // Calls off whatever wait is going on here.
  virtual void cancel() = 0;
  // Sends our last byte; the other side may still send.
  virtual void shut_down_sending() = 0;
  // Small writes may wait for each other (`tcp_nodelay off`).
  virtual void collect_small_writes() {}
  // Closing will reset the connection instead of ending it.
  virtual void reset_on_close() = 0;
  virtual int descriptor() const = 0;
};

inline iovec piece_of(std::string_view bytes) {
  // write(2) does not write into its source.
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

// Takes `bytes` off the front of `pieces`; returns what is left to write.
std::span<iovec> drop_front(std::span<iovec> pieces, std::size_t bytes);

}  // namespace sluice::net
