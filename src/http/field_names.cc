// SPDX-License-Identifier: MIT
#include "http/field_names.h"

#include <array>
#include <cstddef>

#include "http/characters.h"
#include "http/head.h"

namespace sluice::http {

namespace {

constexpr std::uint8_t kUnderscore = 1, kToken = 2, kOdd = 4, kInvalid = 8, kColon = 16;

constexpr std::uint8_t class_of(unsigned char value) {
  const char byte = static_cast<char>(value);
  if (is_alnum(byte) || byte == '-') return 0;
  if (byte == '_') return kUnderscore;
  if (byte == ':') return kColon;
  if (value <= 0x20 || value == 0x7f) return kInvalid;
  return is_token(byte) ? kToken : kOdd;
}

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i] = class_of(static_cast<unsigned char>(i));
  }
  return classes;
}();

// Are the letters and digits of `name` those of `expected`, which is lower case?
bool spells(std::string_view name, std::string_view expected) {
  std::size_t matched = 0;
  for (const char byte : name) {
    if (!is_alnum(byte)) continue;
    if (matched == expected.size() || (byte | 0x20) != expected[matched]) return false;
    ++matched;
  }
  return matched == expected.size();
}

bool could_frame(std::string_view name) {
  return spells(name, "contentlength") || spells(name, "transferencoding");
}

bool is_framing(std::string_view name) {
  const HeaderId id = header_id(name);
  return id == HeaderId::content_length || id == HeaderId::transfer_encoding;
}

std::uint8_t class_at(std::string_view line, std::size_t at) {
  return kClasses[static_cast<unsigned char>(line[at])];
}

// A name with something else in it than letters, digits and hyphens.
FieldLine judge_unusual(std::string_view line, std::size_t& size) {
  std::uint8_t seen = 0;
  for (; size < line.size() && class_at(line, size) != kColon; ++size) seen |= class_at(line, size);
  if (size == 0 || size == line.size() || (seen & kInvalid) != 0) return FieldLine::invalid;
  if (could_frame(line.substr(0, size))) return FieldLine::invalid;
  if ((seen & kOdd) != 0) return FieldLine::odd;
  return (seen & kToken) != 0 ? FieldLine::token : FieldLine::underscore;
}

}  // namespace

FieldLine field_line(std::string_view line, std::size_t& size) {
  size = 0;
  while (size < line.size() && class_at(line, size) == 0) ++size;
  if (size == 0 || size == line.size() || line[size] != ':') return judge_unusual(line, size);

  const std::string_view name = line.substr(0, size);
  const int first = name[0] | 0x20;
  const bool might_frame = size >= 13 && (first == 'c' || first == 't' || first == '-');
  if (might_frame && !is_framing(name) && could_frame(name)) return FieldLine::invalid;
  return FieldLine::plain;
}

}  // namespace sluice::http
