// SPDX-License-Identifier: MIT
#include "http/ranges.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "http/characters.h"
#include "http/head.h"
#include "http/writer.h"

namespace sluice::http {
namespace {

constexpr auto kLargest =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());  // a file offset

// Takes blanks, then what it is asked for, off the front of a text.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) {}

  bool take(char expected) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Does this part of the list end here?
  bool at_end() {
    skip_blanks();
    return rest_.empty() || rest_.front() == ',';
  }
  // Nothing where there is no number, or one that no offset can be.
  std::optional<std::uint64_t> number() {
    skip_blanks();
    if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
    std::uint64_t value = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      const auto digit = static_cast<std::uint64_t>(rest_.front() - '0');
      if (value > (kLargest - digit) / 10) return std::nullopt;
      value = value * 10 + digit;
    }
    return value;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
};

// "2-4", "2-", "-3".  Nothing: it makes no sense.  An empty one lies outside.
std::optional<ByteRange> read_range(Reading& from, std::uint64_t size) {
  if (from.take('-')) {
    const auto last = from.number();
    if (!last || !from.at_end()) return std::nullopt;
    return ByteRange{size - std::min(*last, size), size};
  }
  const auto begin = from.number();
  if (!begin || !from.take('-')) return std::nullopt;
  if (from.at_end()) return ByteRange{*begin, size};
  const auto last = from.number();
  if (!last || !from.at_end()) return std::nullopt;
  return ByteRange{*begin, *last >= size ? size : *last + 1};
}

}  // namespace

Asked read_ranges(std::string_view value, std::uint64_t size, std::uint64_t most,
                  std::vector<ByteRange>& ranges) {
  constexpr std::string_view kUnit = "bytes=";
  ranges.clear();
  if (value.size() <= kUnit.size() || !same_token(value.substr(0, kUnit.size()), kUnit)) {
    return Asked::whole;
  }
  Reading list{value.substr(kUnit.size())};
  std::uint64_t total = 0;
  do {
    const auto range = read_range(list, size);
    if (!range) return Asked::unsatisfiable;
    if (range->begin < range->end) {
      if (ranges.size() == most) return Asked::whole;
      ranges.push_back(*range);
      total += range->size();
      if (total > kLargest) return Asked::unsatisfiable;
    } else if (range->begin == 0) {
      return Asked::whole;  // the content is empty, or only its nature is asked for
    }
  } while (list.take(','));
  if (ranges.empty()) return Asked::unsatisfiable;
  return total > size ? Asked::whole : Asked::parts;
}

std::string content_range(const ByteRange* range, std::uint64_t size) {
  std::string text{"bytes "};
  if (range == nullptr) {
    text.push_back('*');
  } else {
    append_number(text, range->begin);
    text.push_back('-');
    append_number(text, range->end - 1);
  }
  text.push_back('/');
  append_number(text, size);
  return text;
}

std::string MultipartRanges::content_type() const {
  return "multipart/byteranges; boundary=" + std::string{boundary_};
}

std::uint64_t MultipartRanges::length(std::span<const ByteRange> ranges) const {
  std::string text;
  std::uint64_t length = 0;
  for (const ByteRange& range : ranges) {
    text.clear();
    append_head(text, range);
    length += text.size() + range.size();
  }
  text.clear();
  append_end(text);
  return length + text.size();
}

void MultipartRanges::append_head(std::string& out, const ByteRange& range) const {
  out.append("\r\n--").append(boundary_).append("\r\n");
  if (!content_type_.empty()) append_header(out, "Content-Type", content_type_);
  append_header(out, "Content-Range", content_range(&range, size_));
  out.append("\r\n");
}

void MultipartRanges::append_end(std::string& out) const {
  out.append("\r\n--").append(boundary_).append("--\r\n");
}

}  // namespace sluice::http
