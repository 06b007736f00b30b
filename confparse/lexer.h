// SPDX-License-Identifier: MIT
// Characters become statements: the words up to the next `;`, `{` or `}`.
//
// The rules are nginx's, oddities included: a quote opens only at the start of a word, `}` may be
// part of a word, `${` does not open a block, and a backslash that escapes nothing stays.
// The parser asks; nothing here knows what a directive is.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "confparse/directive.h"

namespace sluice::confparse {

enum class Ending : std::uint8_t { semicolon, block_open, block_close, end_of_file };

struct Statement {
  std::vector<Word> words;  // empty before `}` and at the end of the file
  Ending ending = Ending::end_of_file;
  Position position;  // of the ending
};

class Lexer {
 public:
  explicit Lexer(std::shared_ptr<const SourceFile> file);

  // Throws ConfigError where nginx would: a stray `;`, text glued to a quoted word, an early end.
  Statement next();

 private:
  struct Mark {  // a place in the text
    std::size_t offset;
    std::uint32_t line;
    std::uint32_t column;
  };

  [[nodiscard]] bool at_end() const { return offset_ == text_.size(); }
  [[nodiscard]] char peek() const { return text_[offset_]; }
  [[nodiscard]] Mark mark() const;
  [[nodiscard]] Position position(const Mark& from) const;  // from there up to here
  void advance();
  void advance_escaped();
  void skip_blanks();
  Word quoted_word();
  Word bare_word();
  void expect_word_end() const;
  [[noreturn]] void unexpected_character() const;
  [[noreturn]] void unexpected_end(std::string_view advice) const;

  std::shared_ptr<const SourceFile> file_;
  std::string_view text_;  // file_->text
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  Statement statement_;  // being read
};

}  // namespace sluice::confparse
