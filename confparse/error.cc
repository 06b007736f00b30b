// SPDX-License-Identifier: MIT
#include "confparse/error.h"

#include <algorithm>
#include <utility>

namespace sluice::confparse {
namespace {

constexpr std::size_t kWidest = 120;  // of the line shown; a longer one is cut around the word

// A configuration may hold any byte; a terminal should not.
std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    shown += (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f' ? '?' : c;
  }
  return shown;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Characters on the screen, not bytes.
std::size_t width(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  std::size_t start = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) {
      return {};
    }
    start = end + 1;
  }
  std::string_view found = text.substr(start, text.find('\n', start) - start);
  if (found.ends_with('\r')) {
    found.remove_suffix(1);
  }
  return found;
}

// Blanks as wide as `text`; tabs stay tabs, so that the caret stands under its word.
std::string blanks_under(std::string_view text) {
  std::string blanks;
  for (const char c : text) {
    if (!continues_character(c)) {
      blanks += c == '\t' ? '\t' : ' ';
    }
  }
  return blanks;
}

// `   31 |     proxy_reed_timeout 5s;` and the caret below it.
std::string excerpt(const Position& position, std::size_t margin) {
  std::string_view line = line_of(position.file->text, position.line);
  std::size_t before = std::min<std::size_t>(position.column - 1, line.size());
  if (line.size() > kWidest && before > kWidest / 2) {
    std::size_t cut = before - kWidest / 2;
    while (cut < before && continues_character(line[cut])) {
      ++cut;
    }
    line.remove_prefix(cut);
    before -= cut;
  }
  line = line.substr(0, kWidest);
  const std::string_view word = line.substr(before, position.length);
  const std::string number = std::to_string(position.line);
  const std::size_t underline = std::max<std::size_t>(width(word), 1);
  return "\n" + std::string(margin - number.size(), ' ') + number + " | " + printable(line) + "\n" +
         std::string(margin, ' ') + " | " + blanks_under(line.substr(0, before)) + "^" +
         std::string(underline - 1, '~');
}

}  // namespace

ConfigError::ConfigError(Position position, const std::string& message, std::string advice)
    : std::runtime_error(message), position_(std::move(position)), advice_(std::move(advice)) {}

std::string one_line(const Position& position, std::string_view message) {
  std::string text = printable(message);
  if (position.file == nullptr) {
    return text;
  }
  text += " in " + printable(position.file->path);
  if (position.file->path != kCommandLine) {
    text += ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
  }
  return text;
}

std::string explain(const Position& position, std::string_view message, std::string_view advice) {
  const std::size_t margin = std::max<std::size_t>(5, std::to_string(position.line).size());
  std::string text = one_line(position, message);
  if (position.file != nullptr && position.line > 0) {
    text += excerpt(position, margin);
  }
  if (!advice.empty()) {
    text += "\n" + std::string(margin, ' ') + " = " + printable(advice);
  }
  return text;
}

}  // namespace sluice::confparse
