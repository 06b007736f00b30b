// SPDX-License-Identifier: MIT
#include "http/conditions.h"

#include <algorithm>

#include "http/date.h"

namespace sluice::http {
namespace {

constexpr std::string_view kWeak = "W/";

std::string_view strong(std::string_view tag) {
  return tag.starts_with(kWeak) ? tag.substr(kWeak.size()) : tag;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Is the tag in the list?  `weak`: also as a weak one.
bool names_tag(std::string_view list, std::string_view tag, bool weak) {
  if (list == "*") return true;
  if (tag.empty()) return false;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view named = trimmed(list.substr(0, comma));
    if (weak ? strong(named) == strong(tag) : named == tag) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// Some clients write "; length=…" behind the date.
std::time_t date_of(const Header& header) {
  return parse_http_date(header.value.substr(0, header.value.find(';')));
}

bool has_failed(const Headers& request, const Validators& present) {
  if (const Header* match = request.find(HeaderId::if_match)) {
    return !names_tag(match->value, present.tag, false);
  }
  const Header* unmodified = request.find(HeaderId::if_unmodified_since);
  return unmodified != nullptr && date_of(*unmodified) < present.modified;
}

bool is_unchanged(const Headers& request, const Validators& present, Since since) {
  if (const Header* match = request.find(HeaderId::if_none_match)) {
    return names_tag(match->value, present.tag, true);
  }
  const Header* modified = request.find(HeaderId::if_modified_since);
  if (modified == nullptr || since == Since::off || present.modified == -1) return false;
  const std::time_t date = date_of(*modified);
  return date == present.modified || (since == Since::before && date > present.modified);
}

}  // namespace

std::uint16_t check_conditions(const Headers& request, const Validators& present, Since since) {
  if (has_failed(request, present)) return 412;
  return is_unchanged(request, present, since) ? 304 : 0;
}

bool if_range_holds(std::string_view value, const Validators& present) {
  if (value.size() >= 2 && value.back() == '"') {
    // A weak tag says nothing about bytes.
    return !present.tag.empty() && value == present.tag && !value.starts_with(kWeak);
  }
  return present.modified != -1 && parse_http_date(value) == present.modified;
}

}  // namespace sluice::http
