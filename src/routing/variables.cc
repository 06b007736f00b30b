// SPDX-License-Identifier: MIT
// Finds a variable by its name.  Only while a configuration is read: nothing here is hot.
#include "routing/variables.h"

#include <algorithm>
#include <array>

#include "confparse/suggest.h"
#include "routing/variable_rows.h"

namespace sluice::routing {
namespace {

std::string lower(std::string_view name) {
  std::string letters(name);
  for (char& c : letters) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return letters;
}

std::array<std::span<const VariableRow>, 4> all_rows() {
  return {request_variables(), connection_variables(), upstream_variables(), answer_variables()};
}

bool is_prefix(const VariableRow& row) {
  return row.name.ends_with('_');
}

const VariableRow* find_row(std::string_view name) {
  const VariableRow* by_prefix = nullptr;
  for (const auto rows : all_rows()) {
    for (const VariableRow& row : rows) {
      if (row.name == name) return &row;
      if (is_prefix(row) && name.starts_with(row.name)) by_prefix = &row;
    }
  }
  return by_prefix;
}

http::HeaderId header_called(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return http::header_id(name);
}

bool append_group(std::string& out, const Facts& facts, const Variable& self) {
  const bool in_map = facts.remembered != nullptr && facts.remembered->groups.data() != nullptr;
  const auto groups = in_map ? facts.remembered->groups : facts.captures;
  if (self.number >= groups.size()) return false;
  out += groups[self.number];
  return true;
}

bool append_own(std::string& out, const Facts& facts, const Variable& self) {
  if (facts.remembered != nullptr) {
    if (const std::string* text = facts.remembered->find(self.number)) {
      out += *text;
      return true;
    }
  }
  if (self.number < facts.named.size() && facts.named[self.number].data() != nullptr) {
    out += facts.named[self.number];
    return true;
  }
  if (self.computed == nullptr) return false;
  self.computed->append(out, facts, self.number);
  return true;
}

}  // namespace

std::optional<Variable> VariableTable::find(std::string_view asked) const {
  const std::string name = lower(asked);
  const auto own = std::ranges::find(own_, name, &Own::name);
  if (own != own_.end()) {
    Variable variable;
    variable.append = append_own;
    variable.number = static_cast<std::uint16_t>(own - own_.begin());
    variable.computed = own->computed;
    return variable;
  }

  const VariableRow* row = find_row(name);
  if (row == nullptr) return std::nullopt;
  Variable variable;
  variable.append = row->append;
  if (is_prefix(*row)) {
    variable.detail = name.substr(row->name.size());
    variable.header = header_called(variable.detail);
  }
  return variable;
}

std::string_view VariableTable::nearest(std::string_view asked) const {
  std::vector<std::string_view> known;
  for (const Own& own : own_) known.push_back(own.name);
  for (const auto rows : all_rows()) {
    for (const VariableRow& row : rows) {
      if (!is_prefix(row)) known.push_back(row.name);
    }
  }
  return confparse::nearest(asked, known);
}

std::optional<std::uint16_t> VariableTable::define(std::string_view asked) {
  const std::string name = lower(asked);
  const auto known = std::ranges::find(own_, name, &Own::name);
  if (known == own_.end()) {
    const VariableRow* row = find_row(name);
    if (row != nullptr && !is_prefix(*row)) return std::nullopt;
    own_.push_back({name});
    return static_cast<std::uint16_t>(own_.size() - 1);
  }
  return static_cast<std::uint16_t>(known - own_.begin());
}

std::optional<std::uint16_t> VariableTable::define(std::string_view asked,
                                                   const Computed& computed) {
  const auto slot = define(asked);
  if (slot) own_[*slot].computed = &computed;
  return slot;
}

Variable group_variable(std::uint16_t number) {
  Variable variable;
  variable.append = append_group;
  variable.number = number;
  return variable;
}

bool is_header_called(std::string_view header, std::string_view detail) {
  if (header.size() != detail.size()) return false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    char c = header[i];
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c | 0x20);
    } else if (c == '-') {
      c = '_';
    }
    if (c != detail[i]) return false;
  }
  return true;
}

bool append_headers(std::string& out, const http::Headers& headers, const Variable& which,
                    std::string_view joint) {
  bool found = false;
  for (const http::Header& header : headers) {
    // A known id settles it; names are compared for the others only.
    if (header.id != which.header) continue;
    if (which.header == http::HeaderId::other && !is_header_called(header.name, which.detail)) {
      continue;
    }
    if (found) out += joint;
    out += header.value;
    found = true;
  }
  return found;
}

}  // namespace sluice::routing
