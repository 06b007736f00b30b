// SPDX-License-Identifier: MIT
#include "proxy/head_size.h"

#include <algorithm>

namespace sluice::proxy {

HeadSize::Verdict HeadSize::check(std::string_view head, const HeadRules& rules) {
  // Nearly always: one buffer is enough for all of it, wherever it begins.
  const std::uint64_t surely =
      std::min(rules.first->large_header_buffer_size, rules.named->large_header_buffer_size);
  if (head.size() < std::max(rules.first->client_header_buffer_size, surely)) {
    return Verdict::fits;
  }
  return walk(head, rules);
}

HeadSize::Verdict HeadSize::walk(std::string_view head, const HeadRules& rules) {
  if (!has_begun_) {
    has_begun_ = true;
    room_ = rules.first->client_header_buffer_size;
  }
  while (line_ < head.size()) {
    const std::size_t end = head.find('\n', line_);
    if (end == std::string_view::npos) {
      HeadSize tried = *this;  // at least one byte is missing
      return tried.place(head.size() - line_ + 1, rules.at(line_));
    }
    const Verdict verdict = place(end + 1 - line_, rules.at(line_));
    if (verdict != Verdict::fits) {
      return verdict;
    }
    constexpr std::size_t kLineEnd = 2;
    has_request_line_ = has_request_line_ || end + 1 - line_ > kLineEnd;  // blank lines come first
    line_ = end + 1;
  }
  return Verdict::fits;
}

// A line of `size` bytes, its end among them.
HeadSize::Verdict HeadSize::place(std::size_t size, const confparse::ConnectionSettings& rules) {
  if (size <= room_) {
    room_ -= size;
    return Verdict::fits;
  }
  // What has come of the line, the rest of the buffer, is moved: it must not fill the next one.
  const std::uint64_t large = rules.large_header_buffer_size;
  const bool is_too_long = size > large || room_ >= large;
  if (is_too_long || large_ == rules.large_header_buffers) {
    return !has_request_line_ ? Verdict::request_line_too_long
           : is_too_long      ? Verdict::line_too_long
                              : Verdict::too_large;
  }
  ++large_;
  room_ = large - size;
  return Verdict::fits;
}

}  // namespace sluice::proxy
