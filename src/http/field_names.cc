// SPDX-License-Identifier: MIT
#include "http/field_names.h"

#include <array>
#include <cstddef>

#include "http/characters.h"

namespace sluice::http {

namespace {

constexpr std::uint8_t kUnderscore = 1, kToken = 2, kOdd = 4, kInvalid = 8;

constexpr std::uint8_t class_of(unsigned char value) {
  const char byte = static_cast<char>(value);
  if (is_alnum(byte) || byte == '-') return 0;
  if (byte == '_') return kUnderscore;
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
  constexpr std::size_t kShortest = std::string_view("contentlength").size();
  if (name.size() < kShortest) return false;
  return spells(name, "contentlength") || spells(name, "transferencoding");
}

// What is there in it besides letters, digits and hyphens?
std::uint8_t classes_of(std::string_view name) {
  std::uint8_t seen = 0;
  for (const char byte : name) seen |= kClasses[static_cast<unsigned char>(byte)];
  return seen;
}

}  // namespace

FieldLine field_line(std::string_view line, FieldName& name) {
  const std::size_t colon = find_colon(line);
  if (colon == std::string_view::npos || colon == 0) return FieldLine::invalid;
  const std::string_view text = line.substr(0, colon);
  name = {colon, header_id(text)};
  if (name.id != HeaderId::other) return FieldLine::plain;  // most are known, letter by letter

  const std::uint8_t seen = classes_of(text);
  if ((seen & kInvalid) != 0 || could_frame(text)) return FieldLine::invalid;
  if ((seen & kOdd) != 0) return FieldLine::odd;
  if ((seen & kToken) != 0) return FieldLine::token;
  return (seen & kUnderscore) != 0 ? FieldLine::underscore : FieldLine::plain;
}

}  // namespace sluice::http
