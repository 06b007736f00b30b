// SPDX-License-Identifier: MIT
#include "http/writer.h"

#include <array>
#include <charconv>
#include <cstring>

#include "http/characters.h"

namespace sluice::http {

namespace {

// nginx's ngx_http_status_lines, and the two that pass before an answer.
constexpr auto kLines = std::to_array<std::string_view>({
    "100 Continue",
    "101 Switching Protocols",
    "200 OK",
    "201 Created",
    "202 Accepted",
    "204 No Content",
    "206 Partial Content",
    "301 Moved Permanently",
    "302 Moved Temporarily",
    "303 See Other",
    "304 Not Modified",
    "307 Temporary Redirect",
    "308 Permanent Redirect",
    "400 Bad Request",
    "401 Unauthorized",
    "402 Payment Required",
    "403 Forbidden",
    "404 Not Found",
    "405 Not Allowed",
    "406 Not Acceptable",
    "408 Request Time-out",
    "409 Conflict",
    "410 Gone",
    "411 Length Required",
    "412 Precondition Failed",
    "413 Request Entity Too Large",
    "414 Request-URI Too Large",
    "415 Unsupported Media Type",
    "416 Requested Range Not Satisfiable",
    "421 Misdirected Request",
    "429 Too Many Requests",
    "500 Internal Server Error",
    "501 Not Implemented",
    "502 Bad Gateway",
    "503 Service Temporarily Unavailable",
    "504 Gateway Time-out",
    "505 HTTP Version Not Supported",
    "507 Insufficient Storage",
});

// The line of each status, empty for those without.
constexpr auto kByStatus = [] {
  std::array<std::string_view, 512> lines{};
  for (const std::string_view line : kLines) {
    const auto status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    lines[static_cast<std::size_t>(status)] = line;
  }
  return lines;
}();

// "000 001 … 999 ", four bytes each.
constexpr auto kNumbers = [] {
  std::array<char, 4000> text{};
  for (std::size_t i = 0; i < 1000; ++i) {
    text[4 * i] = static_cast<char>('0' + i / 100);
    text[4 * i + 1] = static_cast<char>('0' + i / 10 % 10);
    text[4 * i + 2] = static_cast<char>('0' + i % 10);
    text[4 * i + 3] = ' ';
  }
  return text;
}();

}  // namespace

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

// Grows the text once for the four parts of a line: this is most of what writing a head costs.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  const std::size_t begin = out.size();
  out.resize(begin + name.size() + value.size() + 4);
  char* at = out.data() + begin;
  std::memcpy(at, name.data(), name.size());
  at += name.size();
  std::memcpy(at, ": ", 2);
  at += 2;
  if (!value.empty()) std::memcpy(at, value.data(), value.size());
  std::memcpy(at + value.size(), "\r\n", 2);
}

void escape_controls(std::string& out, std::size_t begin) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto is_bad = [](char byte) { return byte == ' ' || byte == '\t' || is_control(byte); };
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (!is_bad(out[i])) continue;
    const auto value = static_cast<unsigned char>(out[i]);
    const std::array<char, 3> escape{'%', kDigits[value >> 4], kDigits[value & 15]};
    out.replace(i, 1, escape.data(), escape.size());
    i += 2;
  }
}

std::string_view status_line(std::uint16_t status) {
  if (status < kByStatus.size() && !kByStatus[status].empty()) return kByStatus[status];
  return std::string_view{kNumbers.data(), kNumbers.size()}.substr(
      std::size_t{4} * (status % 1000U), 4);
}

std::string_view chunk_size_line(std::uint64_t size, std::span<char, 24> into) {
  char* end = std::to_chars(into.data(), into.data() + into.size(), size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return {into.data(), static_cast<std::size_t>(end - into.data())};
}

}  // namespace sluice::http
