// SPDX-License-Identifier: MIT
#include "http/head_lines.h"

#include "http/framing_lines.h"

namespace sluice::http {
namespace {

bool is_blank(char byte) {
  return byte == ' ' || byte == '\t';
}

}  // namespace

std::string_view value_of(std::string_view line, std::size_t name_size) {
  std::size_t begin = name_size + 1;
  std::size_t end = line.size();
  while (begin < end && is_blank(line[begin])) ++begin;
  while (end > begin && is_blank(line[end - 1])) --end;
  return line.substr(begin, end - begin);
}

void HeadLines::restart() {
  scanner.restart();
  first = {};
  has_first = false;
  count = 0;
  fields_.clear();
  framing_.clear();
}

HeaderId HeadLines::take(std::string_view bytes, std::size_t name_size) {
  const Range line = scanner.line();
  const HeaderId id = header_id({bytes.data() + line.begin, name_size});
  fields_.push_back({line, name_size, id});
  if (frames(id)) framing_.push_back({line.begin, line.end + 2});
  return id;
}

bool HeadLines::read_into(Headers& headers, std::string_view bytes) const {
  headers.reserve(fields_.size());
  for (const Field& field : fields_) {
    const std::string_view line = field.line.of(bytes);
    headers.add(line.substr(0, field.name_size), value_of(line, field.name_size), field.id);
  }
  return framing_.empty() || llhttp_agrees(bytes, framing_);
}

}  // namespace sluice::http
