// SPDX-License-Identifier: MIT
// The bytes escaped are those of nginx (ngx_http_log_escape, ngx_escape_json).
#include "routing/log_escape.h"

#include <array>

namespace sluice::routing {
namespace {

constexpr char kDigits[] = "0123456789ABCDEF";

bool is_unsafe(char c, LogEscape escape) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 32 || c == '"' || c == '\\') return true;
  return byte > 126 && escape == LogEscape::standard;
}

std::size_t first_unsafe(std::string_view value, LogEscape escape) {
  std::size_t at = 0;
  while (at < value.size() && !is_unsafe(value[at], escape)) ++at;
  return at;
}

void append_hex_byte(std::string& out, std::string_view lead, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += lead;
  out += kDigits[byte >> 4];
  out += kDigits[byte & 0xf];
}

void append_json_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      append_hex_byte(out, "\\u00", c);
  }
}

}  // namespace

void append_log_escaped(std::string& out, std::string_view value, LogEscape escape) {
  if (escape == LogEscape::none) {
    out += value;
    return;
  }
  while (!value.empty()) {
    const std::size_t safe = first_unsafe(value, escape);
    out += value.substr(0, safe);
    if (safe == value.size()) return;
    if (escape == LogEscape::json) {
      append_json_escape(out, value[safe]);
    } else {
      append_hex_byte(out, "\\x", value[safe]);
    }
    value.remove_prefix(safe + 1);
  }
}

void escape_in_place(std::string& out, std::size_t begin, LogEscape escape) {
  if (escape == LogEscape::none) return;
  const std::size_t from = begin + first_unsafe(std::string_view(out).substr(begin), escape);
  if (from == out.size()) return;  // nearly always
  const std::string rest = out.substr(from);
  out.resize(from);
  append_log_escaped(out, rest, escape);
}

}  // namespace sluice::routing
