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

void HeadLines::take(const FieldName& name) {
  const Range line = scanner.line();
  fields_.push_back({line, name});
  if (frames(name.id)) framing_.push_back({line.begin, line.end + 2});
}

bool HeadLines::read_into(Headers& headers, std::string_view bytes) const {
  headers.reserve(fields_.size());
  for (const Field& field : fields_) {
    const std::string_view line = field.line.of(bytes);
    headers.add(line.substr(0, field.name.size), value_of(line, field.name.size), field.name.id);
  }
  return framing_.empty() || llhttp_agrees(bytes, framing_);
}

}  // namespace sluice::http
