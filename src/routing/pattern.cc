// SPDX-License-Identifier: MIT
// Which of the two engines takes a regex, and how its groups are handed out.
// Against nginx: in RE2 `$` is the very end of the path, in PCRE also the place before a last "\n".
#define PCRE2_CODE_UNIT_WIDTH 8
#include "routing/pattern.h"

#include <pcre2.h>
#include <re2/re2.h>

#include <array>
#include <cctype>
#include <optional>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;

// Whole match and 31 groups: fits the stack of every search.  nginx itself knows $1…$9 by number.
constexpr std::size_t kMostGroups = 32;

// PCRE2's own default is ten millions, which is seconds of one core for one hostile path.
constexpr std::uint32_t kMatchLimit = 100'000;

// A `[…]` class from `start`: one past its end, or the end of the pattern.
std::size_t end_of_class(std::string_view pattern, std::size_t start) {
  std::size_t at = start + 1;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;  // a bracket in first place is a letter
  for (; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
    } else if (pattern[at] == ']') {
      return at + 1;
    } else if (pattern.substr(at, 2) == "[:") {
      const auto close = pattern.find(":]", at + 2);
      if (close != std::string_view::npos) at = close + 1;
    }
  }
  return pattern.size();
}

// `(?<name>` is `(?P<name>` to RE2 before 2023; lookbehind is left for PCRE2.
std::string spelled_for_re2(std::string_view pattern) {
  std::string spelled;
  spelled.reserve(pattern.size() + 8);
  for (std::size_t at = 0; at < pattern.size();) {
    std::size_t size = 1;
    if (pattern[at] == '\\') {
      size = 2;
    } else if (pattern[at] == '[') {
      size = end_of_class(pattern, at) - at;
    } else if (pattern.substr(at, 3) == "(?<" && at + 3 < pattern.size() &&
               pattern[at + 3] != '=' && pattern[at + 3] != '!') {
      spelled += "(?P<";
      at += 3;
      continue;
    }
    spelled += pattern.substr(at, size);
    at += size;
  }
  return spelled;
}

struct FreePcre2 {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
template <class T>
using Pcre2Ptr = std::unique_ptr<T, FreePcre2>;

// In nginx's words.
ConfigError refusal(const confparse::Text& text, int code, std::size_t offset) {
  std::array<PCRE2_UCHAR, 256> words{};
  pcre2_get_error_message(code, words.data(), words.size());
  std::string message = "pcre2_compile() failed: ";
  message += reinterpret_cast<const char*>(words.data());
  message += " in \"" + text.value + "\"";
  if (offset < text.value.size()) message += " at \"" + text.value.substr(offset) + "\"";
  return ConfigError(text.position, message);
}

Pcre2Ptr<pcre2_code> compile_pcre2(const confparse::Text& text, Pattern::Case letters) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Pcre2Ptr<pcre2_code> code(pcre2_compile(
      reinterpret_cast<PCRE2_SPTR>(text.value.data()), text.value.size(),
      letters == Pattern::Case::insensitive ? PCRE2_CASELESS : 0, &error, &offset, nullptr));
  if (!code) throw refusal(text, error, offset);
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);  // without it the interpreter matches
  return code;
}

std::vector<std::string> pcre2_group_names(const pcre2_code* code) {
  std::uint32_t groups = 0;
  std::uint32_t count = 0;
  std::uint32_t row_size = 0;
  PCRE2_SPTR row = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &row_size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &row);

  std::vector<std::string> names(groups + 1);
  for (; count > 0; --count, row += row_size) {  // two bytes of number, then the name
    names[static_cast<std::size_t>(row[0] << 8 | row[1])] = reinterpret_cast<const char*>(row + 2);
  }
  return names;
}

}  // namespace

struct Pattern::Engine {
  std::optional<re2::RE2> linear;
  Pcre2Ptr<pcre2_code> code;  // when RE2 refused the syntax
  Pcre2Ptr<pcre2_match_context> limits;

  bool search_linear(std::string_view subject, std::vector<std::string_view>& groups,
                     std::size_t count) const {
    std::array<re2::StringPiece, kMostGroups> found;
    // Where the match is takes a second pass: not for a mere yes.
    const int wanted = count > 1 ? static_cast<int>(count) : 0;
    if (!linear->Match(subject, 0, subject.size(), re2::RE2::UNANCHORED, found.data(), wanted)) {
      return false;
    }
    groups.clear();
    for (std::size_t i = 0; i < count; ++i) groups.emplace_back(found[i].data(), found[i].size());
    return true;
  }

  bool search_backtracking(std::string_view subject, std::vector<std::string_view>& groups,
                           std::size_t count) const {
    // One a thread: it holds the frames of the last match, so a warm one does not allocate.
    thread_local const Pcre2Ptr<pcre2_match_data> found(
        pcre2_match_data_create(kMostGroups, nullptr));
    const int matched = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                                    subject.size(), 0, 0, found.get(), limits.get());
    if (matched < 0) return false;

    const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(found.get());
    groups.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const PCRE2_SIZE begin = offsets[2 * i];
      const PCRE2_SIZE end = offsets[2 * i + 1];
      if (begin == PCRE2_UNSET || end < begin) {
        groups.emplace_back();  // \K in a lookahead
      } else {
        groups.push_back(subject.substr(begin, end - begin));
      }
    }
    return true;
  }
};

Pattern::Pattern(const confparse::Text& text, Case letters) : engine_(std::make_unique<Engine>()) {
  re2::RE2::Options options(re2::RE2::Latin1);  // bytes, as nginx: a path need not be UTF-8
  options.set_log_errors(false);
  options.set_case_sensitive(letters == Case::sensitive);
  engine_->linear.emplace(spelled_for_re2(text.value), options);

  if (engine_->linear->ok()) {
    names_.resize(static_cast<std::size_t>(engine_->linear->NumberOfCapturingGroups()) + 1);
    for (const auto& [group, name] : engine_->linear->CapturingGroupNames()) {
      names_[static_cast<std::size_t>(group)] = name;
    }
  } else {
    engine_->linear.reset();
    engine_->code = compile_pcre2(text, letters);
    engine_->limits.reset(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(engine_->limits.get(), kMatchLimit);
    names_ = pcre2_group_names(engine_->code.get());
  }
  if (names_.size() > kMostGroups) {
    throw ConfigError(text.position, "too many groups in \"" + text.value + "\"",
                      "at most 31; `(?:…)` groups without catching");
  }
}

Pattern::Pattern(const confparse::Text& text, Case letters, VariableTable& variables)
    : Pattern(text, letters) {
  for (std::size_t group = 1; group < names_.size(); ++group) {
    if (names_[group].empty()) continue;
    const auto slot = variables.define(names_[group]);
    if (!slot) {
      throw ConfigError(text.position, "the duplicate \"" + names_[group] + "\" variable",
                        "nginx has a variable of that name: call the group something else");
    }
    named_.push_back({static_cast<std::uint16_t>(group), *slot});
  }
}

Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

bool Pattern::search(std::string_view subject, std::vector<std::string_view>& groups) const {
  // RE2 tells a group that took no part by its null data(), so an empty subject needs an address.
  if (subject.data() == nullptr) subject = "";
  return engine_->linear ? engine_->search_linear(subject, groups, names_.size())
                         : engine_->search_backtracking(subject, groups, names_.size());
}

bool Pattern::search(std::string_view subject, Captures& captures) const {
  if (!search(subject, captures.groups)) return false;
  for (const NamedGroup& named : named_) {
    if (captures.named.size() <= named.slot) captures.named.resize(named.slot + std::size_t{1});
    const std::string_view value = captures.groups[named.group];
    captures.named[named.slot] = value.data() == nullptr ? std::string_view("") : value;
  }
  return true;
}

bool Pattern::search(std::string_view subject, std::vector<std::string_view>& groups,
                     Remembered& remembered) const {
  if (!search(subject, groups)) return false;
  for (const NamedGroup& named : named_) {
    remembered.at(named.slot).text = groups[named.group];
    remembered.keep(named.slot);
  }
  return true;
}

bool Pattern::linear() const {
  return engine_->linear.has_value();
}

}  // namespace sluice::routing
