// SPDX-License-Identifier: MIT
#include "http/head_lines.h"

#include "http/fields.h"

namespace sluice::http {

void HeadLines::restart() {
  scanner.restart();
  first = {};
  has_first = false;
  fields = 0;
  count = 0;
  left_out.clear();
}

bool HeadLines::read_into(Headers& headers, std::string_view bytes) const {
  headers.reserve(count);
  const Range section{fields, scanner.position()};
  return read_fields(section.of(bytes), left_out, headers);
}

}  // namespace sluice::http
