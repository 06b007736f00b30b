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
  if (self.number >= facts.captures.size()) return false;
  out += facts.captures[self.number];
  return true;
}

bool append_named(std::string& out, const Facts& facts, const Variable& self) {
  if (self.number >= facts.named.size()) return false;
  const std::string_view value = facts.named[self.number];
  out += value;
  return value.data() != nullptr;
}

}  // namespace

std::optional<Variable> VariableTable::find(std::string_view asked) const {
  const std::string name = lower(asked);
  const auto own = std::find(defined_.begin(), defined_.end(), name);
  if (own != defined_.end()) {
    Variable variable;
    variable.append = append_named;
    variable.number = static_cast<std::uint16_t>(own - defined_.begin());
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
  std::vector<std::string_view> known(defined_.begin(), defined_.end());
  for (const auto rows : all_rows()) {
    for (const VariableRow& row : rows) {
      if (!is_prefix(row)) known.push_back(row.name);
    }
  }
  return confparse::nearest(asked, known);
}

std::optional<std::uint16_t> VariableTable::define(std::string_view asked) {
  const std::string name = lower(asked);
  const auto known = std::find(defined_.begin(), defined_.end(), name);
  if (known == defined_.end()) {
    const VariableRow* row = find_row(name);
    if (row != nullptr && !is_prefix(*row)) return std::nullopt;
    defined_.push_back(name);
    return static_cast<std::uint16_t>(defined_.size() - 1);
  }
  return static_cast<std::uint16_t>(known - defined_.begin());
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
