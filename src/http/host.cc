// SPDX-License-Identifier: MIT
// What is a host, and which one is meant?  nginx's ngx_http_validate_host, with RFC 3986's set of
// bytes: no peer shall read another host out of a Host header than sluice did.
#include <algorithm>
#include <array>

#include "http/characters.h"
#include "http/uri.h"

namespace sluice::http {

namespace {

constexpr auto kNone = std::string_view::npos;

bool is_upper(char byte) {
  return byte >= 'A' && byte <= 'Z';
}

// Letters of other alphabets (0x80 and above) pass, as in nginx.
constexpr auto kHostBytes = [] {
  constexpr std::string_view kRefused = "/\\?#@\"<>^`{|}[]:";
  std::array<bool, 256> bytes{};
  for (std::size_t i = 0x21; i < bytes.size(); ++i) {
    bytes[i] = i != 0x7f && kRefused.find(static_cast<char>(i)) == kNone;
  }
  return bytes;
}();

bool is_host_byte(char byte) {
  return kHostBytes[static_cast<unsigned char>(byte)];
}

bool is_literal_byte(char byte) {
  return byte == ':' || is_host_byte(byte);
}

bool is_port(std::string_view text) {
  return text.empty() || (text[0] == ':' && std::all_of(text.begin() + 1, text.end(),
                                                        [](char byte) { return is_digit(byte); }));
}

}  // namespace

std::string_view bare_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == kNone || close == 1 || !is_port(text.substr(close + 1))) return {};
    const std::string_view inside = text.substr(1, close - 1);
    const auto is_sane = [](char byte) { return is_literal_byte(byte); };
    if (!std::all_of(inside.begin(), inside.end(), is_sane)) return {};
    return text.substr(0, close + 1);
  }
  std::size_t size = 0;
  while (size < text.size() && is_host_byte(text[size])) ++size;
  std::string_view host = text.substr(0, size);
  if (!is_port(text.substr(size))) return {};
  if (host.find("..") != kNone) return {};
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_host(std::string_view host) {
  return !bare_host(host).empty();
}

std::string_view normalise_host(std::string_view host, std::string& storage) {
  return lower_case_host(bare_host(host), storage);
}

std::string_view lower_case_host(std::string_view bare, std::string& storage) {
  if (std::none_of(bare.begin(), bare.end(), is_upper)) return bare;
  storage.assign(bare);
  for (char& byte : storage) {
    if (is_upper(byte)) byte = static_cast<char>(byte | 0x20);
  }
  return storage;
}

}  // namespace sluice::http
