// SPDX-License-Identifier: MIT
// A head while it arrives: its start line, and the header lines that are not left out.  Both
// parsers fill it line by line and turn it into headers at the end: bytes may move until then.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/field_names.h"
#include "http/head.h"
#include "http/lines.h"

namespace sluice::http {

// What is behind the colon of a header line, without the blanks around it.
std::string_view value_of(std::string_view line, std::size_t name_size);

struct HeadLines {
  LineScanner scanner;
  Range first;  // the start line, once it is whole
  bool has_first = false;
  std::size_t count = 0;  // of header lines, those left out among them

  void restart();
  // The scanner's line becomes a header of this name.
  void take(const FieldName& name);
  // All headers that were taken.  False: llhttp objects to how they frame the body.
  bool read_into(Headers& headers, std::string_view bytes) const;

 private:
  struct Field {
    Range line;
    FieldName name;
  };
  std::vector<Field> fields_;
  std::vector<Range> framing_;  // the lines that say how the body is framed, with their CR LF
};

}  // namespace sluice::http
