// SPDX-License-Identifier: MIT
// Compiles and expands texts with variables.  What counts as a name is ngx_http_script_compile's.
#include "routing/template.h"

#include <algorithm>
#include <optional>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using confparse::Position;
using confparse::Text;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where `size` bytes of a word's value stand, when the word is written plainly: escapes and line
// breaks before them would shift the place, so then the whole word is shown.
Position place_inside(const Text& text, std::size_t begin, std::size_t size) {
  const std::string_view before = std::string_view(text.value).substr(0, begin);
  const bool quoted = text.position.length == text.value.size() + 2;
  const bool plain = quoted || text.position.length == text.value.size();
  if (!plain || before.find('\n') != std::string_view::npos) return text.position;

  Position place = text.position;
  place.column += static_cast<std::uint32_t>(begin + (quoted ? 1 : 0));
  place.length = static_cast<std::uint32_t>(size);
  return place;
}

// `$name`, `${name}` or `$1` at the beginning of `source`.
struct Reference {
  std::string_view name;
  std::size_t size = 0;  // with the dollar and the brackets
  bool group = false;    // $1
};

Reference read_reference(const Text& text, std::size_t begin) {
  const std::string_view source = std::string_view(text.value).substr(begin);
  if (source.size() > 1 && source[1] >= '1' && source[1] <= '9') {
    return {source.substr(1, 1), 2, true};  // $10 is $1 and a 0
  }

  const bool bracket = source.size() > 1 && source[1] == '{';
  const std::size_t name_begin = bracket ? 2 : 1;
  std::size_t end = std::min(name_begin, source.size());
  while (end < source.size() && is_name_char(source[end])) ++end;

  const std::string_view name = source.substr(std::min(name_begin, end), end - name_begin);
  if (bracket && name_begin < source.size()) {
    if (end == source.size() || source[end] != '}') {
      throw ConfigError(place_inside(text, begin, end),
                        "the closing bracket in \"" + std::string(name) + "\" variable is missing");
    }
    ++end;
  }
  if (name.empty()) {
    throw ConfigError(place_inside(text, begin, std::max<std::size_t>(end, 1)),
                      "invalid variable name", "a dollar sign always begins a variable");
  }
  return {name, end, false};
}

Variable resolve(const Text& text, std::size_t begin, const Reference& reference,
                 const VariableTable& variables) {
  if (reference.group) return group_variable(static_cast<std::uint16_t>(reference.name[0] - '0'));
  if (auto variable = variables.find(reference.name)) return *std::move(variable);

  std::string advice;
  if (const std::string_view nearest = variables.nearest(reference.name); !nearest.empty()) {
    advice = "did you mean \"$" + std::string(nearest) + "\"?";
  }
  throw ConfigError(place_inside(text, begin, reference.size),
                    "unknown \"" + std::string(reference.name) + "\" variable", advice);
}

}  // namespace

Template::Template(const Text& text, const VariableTable& variables) : source_(text.value) {
  std::size_t at = 0;
  while (at < source_.size()) {
    const std::size_t dollar = std::min(source_.find('$', at), source_.size());
    if (dollar > at) pieces_.push_back({source_.substr(at, dollar - at), {}});
    if (dollar == source_.size()) break;
    const Reference reference = read_reference(text, dollar);
    pieces_.push_back({{}, resolve(text, dollar, reference, variables)});
    constant_ = false;
    at = dollar + reference.size;
  }
}

void Template::append_to(std::string& out, const Facts& facts) const {
  for (const Piece& piece : pieces_) {
    if (piece.variable.append == nullptr) {
      out += piece.literal;
    } else {
      piece.variable.append(out, facts, piece.variable);
    }
  }
}

void Template::append_log_to(std::string& out, const Facts& facts, LogEscape escape) const {
  for (const Piece& piece : pieces_) {
    if (piece.variable.append == nullptr) {
      out += piece.literal;
      continue;
    }
    const std::size_t begin = out.size();
    if (piece.variable.append(out, facts, piece.variable)) {
      escape_in_place(out, begin, escape);
    } else if (escape == LogEscape::standard) {
      out += '-';
    }
  }
}

std::vector<const Computed*> Template::computed() const {
  std::vector<const Computed*> found;
  for (const Piece& piece : pieces_) {
    if (piece.variable.computed != nullptr) found.push_back(piece.variable.computed);
  }
  return found;
}

std::string_view Template::expand(const Facts& facts, std::string& storage) const {
  if (constant_) return source_;
  storage.clear();
  append_to(storage, facts);
  return storage;
}

}  // namespace sluice::routing
