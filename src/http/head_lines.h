// SPDX-License-Identifier: MIT
// A head while it arrives: its start line, and which of the lines after it are left out.  Both
// parsers fill it line by line and read the headers at the end.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/head.h"
#include "http/lines.h"

namespace sluice::http {

struct HeadLines {
  LineScanner scanner;
  Range first;  // the start line, once it is whole
  bool has_first = false;
  std::size_t fields = 0;       // where the header lines begin
  std::size_t count = 0;        // of header lines
  std::vector<Range> left_out;  // header lines with their CR LF, counted from `fields`

  void restart();
  void leave_out(Range line) { left_out.push_back({line.begin - fields, line.end + 2 - fields}); }
  // All headers that were not left out.  False: llhttp refuses them.
  bool read_into(Headers& headers, std::string_view bytes) const;
};

}  // namespace sluice::http
