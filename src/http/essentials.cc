// SPDX-License-Identifier: MIT
#include "http/essentials.h"

#include <limits>

namespace sluice::http {

namespace {

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void read_connection(std::string_view list, Essentials& to) {
  for (;;) {
    const auto comma = list.find(',');
    const std::string_view token = without_blanks(list.substr(0, comma));
    if (same_token(token, "close")) to.says_close = true;
    if (same_token(token, "keep-alive")) to.says_keep_alive = true;
    if (same_token(token, "upgrade")) to.says_upgrade = true;
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

Essentials essentials_of(const Headers& headers) {
  Essentials found;
  for (const Header& header : headers) {
    switch (header.id) {
      case HeaderId::host:
        found.host.see(header.value);
        break;
      case HeaderId::content_length:
        found.length.see(header.value);
        break;
      case HeaderId::transfer_encoding:
        found.coding.see(header.value);
        break;
      case HeaderId::connection:
        read_connection(header.value, found);
        break;
      case HeaderId::upgrade:
        found.has_upgrade = true;
        break;
      case HeaderId::expect:
        if (same_token(header.value, "100-continue")) found.expects_continue = true;
        break;
      default:
        break;
    }
  }
  return found;
}

std::optional<std::uint64_t> content_length(std::string_view value) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.empty()) return std::nullopt;
  std::uint64_t length = 0;
  for (const char byte : value) {
    if (byte < '0' || byte > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(byte - '0');
    if (length > (kLargest - digit) / 10) return std::nullopt;
    length = length * 10 + digit;
  }
  return length;
}

Coding transfer_coding(std::string_view value) {
  if (same_token(value, "chunked")) return Coding::chunked;
  const bool is_list = value.find(',') != std::string_view::npos;
  return value.empty() || is_list ? Coding::malformed : Coding::unknown;
}

}  // namespace sluice::http
