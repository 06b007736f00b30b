// SPDX-License-Identifier: MIT
#include "proxy/spool.h"

#include <algorithm>
#include <cstring>

namespace sluice::proxy {

void Spool::restart(const Limits& limits) {
  release();
  limits_ = limits;
}

void Spool::release() {
  if (!is_used_) {
    return;
  }
  is_used_ = false;
  memory_.clear();
  in_memory_ = bytes_ = file_begin_ = 0;
  file_.close();
  window_.release();
  window_begin_ = window_end_ = 0;
}

bool Spool::has_room() const {
  const bool fits_in_memory = in_memory_ == bytes_ && in_memory_ < limits_.memory;
  return fits_in_memory || file_.size() < limits_.file;
}

std::error_code Spool::put(std::string_view bytes) {
  is_used_ = true;
  // Behind bytes in the file everything goes to the file, or the order would be lost.
  const bool into_memory =
      in_memory_ == bytes_ && in_memory_ < std::max<std::uint64_t>(limits_.memory, 1);
  if (!into_memory) {
    if (!file_.is_open()) {
      file_begin_ = 0;
      if (const std::error_code error = file_.open(*limits_.folder)) {
        return error;
      }
    }
    if (const std::error_code error = file_.append(bytes)) {
      return error;
    }
    bytes_ += bytes.size();
    return {};
  }
  while (!bytes.empty()) {
    if (memory_.empty() || memory_.back().end == memory_.back().chunk.size()) {
      memory_.push_back({chunks_->take(net::ChunkPool::kBody), 0, 0});
    }
    Segment& last = memory_.back();
    const std::size_t size = std::min(bytes.size(), last.chunk.size() - last.end);
    std::memcpy(last.chunk.data() + last.end, bytes.data(), size);
    last.end += size;
    in_memory_ += size;
    bytes_ += size;
    bytes.remove_prefix(size);
  }
  return {};
}

std::string_view Spool::front(std::error_code& error) {
  if (!memory_.empty()) {
    const Segment& first = memory_.front();
    return {first.chunk.data() + first.begin, first.end - first.begin};
  }
  if (window_begin_ == window_end_ && file_begin_ < file_.size()) {
    if (!window_.taken()) {
      window_ = chunks_->take(net::ChunkPool::kBody);
    }
    window_begin_ = 0;
    window_end_ = file_.read(file_begin_, {window_.data(), window_.size()}, error);
    file_begin_ += window_end_;
    if (window_end_ == 0 && !error) {
      error = std::make_error_code(std::errc::io_error);  // somebody made it shorter
    }
  }
  return {window_.data() + window_begin_, window_end_ - window_begin_};
}

void Spool::drop(std::size_t bytes) {
  bytes_ -= bytes;
  if (!memory_.empty()) {
    Segment& first = memory_.front();
    first.begin += bytes;
    in_memory_ -= bytes;
    if (first.begin == first.end) {
      memory_.pop_front();
    }
    return;
  }
  window_begin_ += bytes;
  if (bytes_ == 0) {
    // All of the file was taken: what comes next finds its place in memory again.
    file_.close();
    file_begin_ = 0;
    window_.release();
    window_begin_ = window_end_ = 0;
  }
}

}  // namespace sluice::proxy
