// SPDX-License-Identifier: MIT
// A pipe of the kernel: bytes go from socket to socket through it and never enter our memory.
//
// Stream::splice_into() fills it, Stream::splice_from() empties it.  Two descriptors each, so a
// worker has few of them and hands them round: whoever gets none copies instead.
#pragma once

#include <cstddef>
#include <span>
#include <system_error>
#include <vector>

#include "net/descriptor.h"

namespace sluice::net {

class PipePool;

// So many bytes are worth a pipe; fewer are copied.  docs/PERFORMANCE.md, "where splice begins".
inline constexpr std::size_t kSpliceFrom = 8 * 1024;

// One pipe, given back when it goes.  Not open when moved from, never taken, or none was left.
class Pipe {
 public:
  Pipe() = default;
  Pipe(Pipe&& other) noexcept;
  Pipe& operator=(Pipe&& other) noexcept;
  ~Pipe() { release(); }

  [[nodiscard]] bool is_open() const { return pool_ != nullptr; }
  [[nodiscard]] bool empty() const { return bytes_ == 0; }
  // Bytes inside.
  [[nodiscard]] std::size_t size() const { return bytes_; }
  void release();

  // Takes bytes out into memory after all: at least one, as many as fit.  Not when empty().
  // Zero bytes: the system's error.
  std::size_t read(std::span<char> into, std::error_code& error);

  // For streams: the two ends, and what went through them.
  [[nodiscard]] int in() const { return in_.get(); }
  [[nodiscard]] int out() const { return out_.get(); }
  void filled(std::size_t bytes) { bytes_ += bytes; }
  void emptied(std::size_t bytes) { bytes_ -= bytes; }

 private:
  friend class PipePool;

  PipePool* pool_ = nullptr;
  Descriptor in_;
  Descriptor out_;
  std::size_t bytes_ = 0;
};

// Belongs to one thread.
class PipePool {
 public:
  // What is asked for; the system may give less.  Larger ones moved 1 MiB no faster.
  static constexpr std::size_t kCapacity = 256 * 1024;

  PipePool() = default;
  PipePool(const PipePool&) = delete;
  PipePool& operator=(const PipePool&) = delete;

  Pipe take();

 private:
  friend class Pipe;
  struct Ends {
    Descriptor in;
    Descriptor out;
  };
  // At once: kMost transfers.  An idle one costs two descriptors and no memory.
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMostKept = 16;

  void give_back(Ends ends, bool is_empty);

  std::vector<Ends> free_;
  std::size_t taken_ = 0;
};

}  // namespace sluice::net
