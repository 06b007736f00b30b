// SPDX-License-Identifier: MIT
// A line on its way into the settings: what a row's setter gets.
// Reads words as values and words the errors as nginx does, the caret under the word at fault.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "confparse/scope.h"

namespace sluice::confparse {

class Line {
 public:
  Line(const Directive& directive, Scope& scope) : directive_(directive), scope_(scope) {}

  [[nodiscard]] const Directive& directive() const { return directive_; }
  [[nodiscard]] const std::string& name() const { return directive_.name.text; }
  [[nodiscard]] const Position& position() const { return directive_.name.position; }
  [[nodiscard]] Scope& scope() const { return scope_; }
  template <class Part>
  [[nodiscard]] Part& part() const {
    return scope_.part<Part>();
  }

  // Words behind the name, counted from 0.
  [[nodiscard]] std::size_t size() const { return directive_.args.size(); }
  [[nodiscard]] const std::string& word(std::size_t i) const { return directive_.args[i].text; }
  [[nodiscard]] Text text(std::size_t i) const { return {word(i), directive_.args[i].position}; }
  [[nodiscard]] Text text_with_variables(std::size_t i) const;  // their spelling checked

  // Words as values.  Throw ConfigError.
  [[nodiscard]] bool flag(std::size_t i) const;
  [[nodiscard]] std::uint64_t number(std::size_t i) const;
  [[nodiscard]] std::uint64_t size_value(std::size_t i) const;
  [[nodiscard]] std::uint64_t offset_value(std::size_t i) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::size_t i) const;
  // The index of the word among `choices`, upper and lower case alike.
  [[nodiscard]] std::size_t choice(std::size_t i, std::span<const std::string_view> choices) const;
  // The word as a path; relative ones start at the prefix.
  [[nodiscard]] std::string path(std::size_t i) const { return path_below_prefix(word(i)); }
  [[nodiscard]] std::string path_below_prefix(std::string_view path) const;

  // An error in the directive as a whole, or in one of its words.
  [[noreturn]] void fail(const std::string& message, const std::string& advice = {}) const;
  [[noreturn]] void fail_at(std::size_t i, const std::string& message,
                            const std::string& advice = {}) const;
  // `invalid parameter "x"`, with the nearest of the parameters there are.
  [[noreturn]] void invalid_parameter(std::size_t i,
                                      std::span<const std::string_view> parameters) const;
  // `"x" directive invalid value`.
  [[noreturn]] void invalid_value(std::size_t i, const std::string& advice) const;
  void warn(const Position& position, std::string message, std::string advice = {}) const;

 private:
  [[noreturn]] void fail_in(const Position& position, const std::string& message,
                            const std::string& advice) const;

  const Directive& directive_;
  Scope& scope_;
};

}  // namespace sluice::confparse
