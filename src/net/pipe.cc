// SPDX-License-Identifier: MIT
#include "net/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "net/error.h"

namespace sluice::net {

Pipe::Pipe(Pipe&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      in_(std::move(other.in_)),
      out_(std::move(other.out_)),
      bytes_(std::exchange(other.bytes_, 0)) {}

Pipe& Pipe::operator=(Pipe&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::exchange(other.pool_, nullptr);
    in_ = std::move(other.in_);
    out_ = std::move(other.out_);
    bytes_ = std::exchange(other.bytes_, 0);
  }
  return *this;
}

void Pipe::release() {
  if (pool_ != nullptr) {
    const bool is_empty = std::exchange(bytes_, 0) == 0;
    std::exchange(pool_, nullptr)->give_back({std::move(in_), std::move(out_)}, is_empty);
  }
}

std::size_t Pipe::read(std::span<char> into, std::error_code& error) {
  for (;;) {
    const ssize_t got = ::read(out_.get(), into.data(), into.size());
    if (got > 0) {
      emptied(static_cast<std::size_t>(got));
      return static_cast<std::size_t>(got);
    }
    if (got < 0 && errno == EINTR) {
      continue;
    }
    error = last_system_error();
    return 0;
  }
}

Pipe PipePool::take() {
  Pipe pipe;
  if (free_.empty()) {
    std::array<int, 2> ends{};
    if (taken_ == kMost || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      return pipe;
    }
    pipe.out_ = Descriptor{ends[0]};
    pipe.in_ = Descriptor{ends[1]};
    // Refused beyond /proc/sys/fs/pipe-user-pages-soft; what it has then will do.
    ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(kCapacity));
  } else {
    pipe.in_ = std::move(free_.back().in);
    pipe.out_ = std::move(free_.back().out);
    free_.pop_back();
  }
  pipe.pool_ = this;
  ++taken_;
  return pipe;
}

// One with another transfer's bytes inside is of no use to anybody.
void PipePool::give_back(Ends ends, bool is_empty) {
  --taken_;
  if (is_empty && free_.size() < kMostKept) {
    free_.push_back(std::move(ends));
  }
}

}  // namespace sluice::net
