// SPDX-License-Identifier: MIT
#include "confparse/lexer.h"

#include <string>
#include <utility>

#include "confparse/error.h"

namespace sluice::confparse {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::uint32_t narrow(std::size_t number) {
  return static_cast<std::uint32_t>(number);
}

// nginx resolves these six and leaves every other backslash for whoever reads the word (a regex).
std::string resolve_escapes(std::string_view raw) {
  std::string word;
  word.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
    if (raw[i] != '\\') {
      word += raw[i];
      continue;
    }
    switch (next) {
      case '"':
      case '\'':
      case '\\':
        word += next;
        break;
      case 't':
        word += '\t';
        break;
      case 'r':
        word += '\r';
        break;
      case 'n':
        word += '\n';
        break;
      default:
        word += '\\';
        continue;
    }
    ++i;
  }
  return word;
}

}  // namespace

Lexer::Lexer(std::shared_ptr<const SourceFile> file) : file_(std::move(file)), text_(file_->text) {
  if (text_.starts_with(kByteOrderMark)) {
    offset_ = kByteOrderMark.size();
  }
}

Statement Lexer::next() {
  statement_ = Statement{};
  for (;;) {
    skip_blanks();
    const Mark start = mark();
    if (at_end()) {
      statement_.position = position(start);
      if (!statement_.words.empty()) {
        unexpected_end("is the \";\" missing?");
      }
      return std::move(statement_);
    }
    switch (peek()) {
      case ';':
      case '{':
        if (statement_.words.empty()) {
          unexpected_character();
        }
        statement_.ending = peek() == ';' ? Ending::semicolon : Ending::block_open;
        advance();
        statement_.position = position(start);
        return std::move(statement_);
      case '}':
        if (!statement_.words.empty()) {
          unexpected_character();
        }
        statement_.ending = Ending::block_close;
        advance();
        statement_.position = position(start);
        return std::move(statement_);
      case '"':
      case '\'':
        statement_.words.push_back(quoted_word());
        expect_word_end();
        break;
      default:
        statement_.words.push_back(bare_word());
    }
  }
}

Lexer::Mark Lexer::mark() const {
  return {offset_, line_, narrow(offset_ - line_start_) + 1};
}

Position Lexer::position(const Mark& from) const {
  const std::size_t length = offset_ > from.offset ? offset_ - from.offset : 1;
  return {file_, from.line, from.column, narrow(length)};
}

void Lexer::advance() {
  if (text_[offset_++] == '\n') {
    ++line_;
    line_start_ = offset_;
  }
}

// The character behind a backslash never ends a word.
void Lexer::advance_escaped() {
  advance();
  if (!at_end()) {
    advance();
  }
}

void Lexer::skip_blanks() {
  bool comment = false;
  while (!at_end() && (comment || is_blank(peek()) || peek() == '#')) {
    comment = (comment || peek() == '#') && peek() != '\n';
    advance();
  }
}

Word Lexer::quoted_word() {
  const Mark start = mark();
  const char quote = peek();
  advance();
  const std::size_t first = offset_;
  while (!at_end() && peek() != quote) {
    peek() == '\\' ? advance_escaped() : advance();
  }
  if (at_end()) {
    unexpected_end("the quote opened in line " + std::to_string(start.line) + ", column " +
                   std::to_string(start.column) + " is not closed");
  }
  const std::string_view raw = text_.substr(first, offset_ - first);
  advance();
  return {resolve_escapes(raw), position(start), true};
}

Word Lexer::bare_word() {
  const Mark start = mark();
  bool variable = false;  // behind `$`: a brace belongs to `${name}`
  while (!at_end()) {
    const char c = peek();
    if (is_blank(c) || c == ';' || (c == '{' && !variable)) {
      return {resolve_escapes(text_.substr(start.offset, offset_ - start.offset)), position(start)};
    }
    variable = c == '$' || (c == '{' && variable);
    c == '\\' ? advance_escaped() : advance();
  }
  unexpected_end("is the \";\" missing?");
}

// nginx lets `)` follow a quoted word: `if ($a = "b")`.
void Lexer::expect_word_end() const {
  if (!at_end() && !is_blank(peek()) && peek() != ';' && peek() != '{' && peek() != ')') {
    unexpected_character();
  }
}

void Lexer::unexpected_character() const {
  std::string advice;
  if (peek() == '}' && !statement_.words.empty()) {
    advice = "is the \";\" missing before it?";
  } else if (!statement_.words.empty()) {
    advice = "expected a blank or \";\" behind the closing quote";
  }
  const Mark here = mark();
  throw ConfigError({file_, here.line, here.column, 1},
                    std::string("unexpected \"") + peek() + "\"", std::move(advice));
}

void Lexer::unexpected_end(std::string_view advice) const {
  const Mark here = mark();
  throw ConfigError({file_, here.line, here.column, 1},
                    file_->path == kCommandLine
                        ? "unexpected end of parameter, expecting \";\""
                        : "unexpected end of file, expecting \";\" or \"}\"",
                    std::string(advice));
}

}  // namespace sluice::confparse
