// SPDX-License-Identifier: MIT
// Bytes of an answer that wait for a slow client: the first of them in memory, what does not fit
// there in a temporary file.  First in, first out.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <system_error>

#include "net/chunks.h"
#include "proxy/temp_file.h"

namespace sluice::proxy {

class Spool {
 public:
  struct Limits {
    std::uint64_t memory = 0;  // proxy_buffers
    std::uint64_t file = 0;    // proxy_max_temp_file_size; 0: no file
    const std::string* folder = nullptr;
  };

  explicit Spool(net::ChunkPool& chunks) : chunks_(&chunks) {}

  void restart(const Limits& limits);
  // Gives everything back.
  void release();

  [[nodiscard]] bool empty() const { return bytes_ == 0; }
  // May more be put in?  What is put in then is taken whole, whatever its size.
  [[nodiscard]] bool has_room() const;
  // Did bytes go to a file?
  [[nodiscard]] bool uses_file() const { return file_.is_open(); }

  // With an error the file could not take them, and nothing of `bytes` was put in.
  std::error_code put(std::string_view bytes);
  // No more is put into the file.
  void forgo_file() { limits_.file = 0; }
  // The next bytes, valid until the next call that is not const.  Empty with an error of reading.
  std::string_view front(std::error_code& error);
  void drop(std::size_t bytes);

 private:
  struct Segment {
    net::Chunk chunk;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  net::ChunkPool* chunks_;
  Limits limits_;
  std::deque<Segment> memory_;  // before what is in the file
  std::uint64_t in_memory_ = 0;
  TempFile file_;
  std::uint64_t file_begin_ = 0;  // bytes of the file that were taken already
  net::Chunk window_;             // of the file
  std::size_t window_begin_ = 0;
  std::size_t window_end_ = 0;
  std::uint64_t bytes_ = 0;
  bool is_used_ = false;  // few answers need it
};

}  // namespace sluice::proxy
