// SPDX-License-Identifier: MIT
#include "http/lines.h"

#include "http/characters.h"

namespace sluice::http {

LineScanner::Found LineScanner::next(std::string_view bytes) {
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
