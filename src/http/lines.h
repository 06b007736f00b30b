// SPDX-License-Identifier: MIT
// Which lines does a head have?  A line ends with CR LF and nothing else, and holds no control byte
// but the tab.  The parsers call this for every head; it does not know what a line means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/characters.h"

namespace sluice::http {

// A part of a message that may move in memory while it is received.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::string_view of(std::string_view bytes) const {
    return bytes.substr(begin, end - begin);
  }
  [[nodiscard]] bool empty() const { return begin == end; }
};

class LineScanner {
 public:
  enum class Found : std::uint8_t { nothing_yet, line, bad_byte };

  void restart() { *this = {}; }

  // The next line of `bytes`, which are all bytes of the message each time.  Those already looked
  // at are not looked at again, but for a CR whose LF has not come.
  Found next(std::string_view bytes);

  // After Found::line: without its CR LF.  Otherwise: the line that has begun, as far as it is
  // sane.
  [[nodiscard]] Range line() const { return line_; }
  // Where the line after this one begins.
  [[nodiscard]] std::size_t position() const { return next_line_; }

 private:
  Range line_;
  std::size_t next_line_ = 0;
};

inline LineScanner::Found LineScanner::next(std::string_view bytes) {
  if (line_.begin != next_line_) line_ = {next_line_, next_line_};

  const char* const first = bytes.data();
  const char* const last = first + bytes.size();
  const char* const stop = find_control(first, first + line_.end, last);
  line_.end = static_cast<std::size_t>(stop - first);

  if (stop == last) return Found::nothing_yet;
  if (*stop != '\r') return Found::bad_byte;
  if (last - stop < 2) return Found::nothing_yet;
  if (stop[1] != '\n') return Found::bad_byte;
  next_line_ = line_.end + 2;
  return Found::line;
}

}  // namespace sluice::http
