// SPDX-License-Identifier: MIT
#include "http/head.h"

#include <cstdint>
#include <cstring>
#include <utility>

namespace sluice::http {

namespace {

constexpr unsigned char lower(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 'A' && value <= 'Z' ? static_cast<unsigned char>(value | 0x20) : value;
}

// Eight bytes, letters in lower case.
std::uint64_t word_at(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word | 0x2020202020202020;
}

// `expected` is lower case and as long as `name`.  Byte 0x0d would pass for a hyphen; no name has
// it.
bool is(std::string_view name, std::string_view expected) {
  const std::size_t size = expected.size();
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      if (word_at(name.data() + i) != word_at(expected.data() + i)) return false;
    }
    return word_at(name.data() + size - 8) == word_at(expected.data() + size - 8);
  }
  for (std::size_t i = 0; i < size; ++i) {
    if ((name[i] | 0x20) != expected[i]) return false;
  }
  return true;
}

HeaderId only(std::string_view name, std::string_view expected, HeaderId id) {
  return is(name, expected) ? id : HeaderId::other;
}

// Most names are told apart by their length and one letter; they are in this order: the length, the
// letter, then the whole name once.
HeaderId id_of_short(std::string_view name) {
  const auto first = lower(name[0]);
  switch (name.size()) {
    case 2:
      return only(name, "te", HeaderId::te);
    case 3:
      return only(name, "via", HeaderId::via);
    case 4:
      if (first == 'h') return only(name, "host", HeaderId::host);
      if (first == 'd') return only(name, "date", HeaderId::date);
      if (first == 'e') return only(name, "etag", HeaderId::etag);
      return only(name, "vary", HeaderId::vary);
    case 5:
      return only(name, "range", HeaderId::range);
    case 6:
      if (first == 'c') return only(name, "cookie", HeaderId::cookie);
      if (first == 'e') return only(name, "expect", HeaderId::expect);
      return only(name, "server", HeaderId::server);
    case 7:
      if (first == 'u') return only(name, "upgrade", HeaderId::upgrade);
      if (first == 'e') return only(name, "expires", HeaderId::expires);
      if (first == 't') return only(name, "trailer", HeaderId::trailer);
      if (lower(name[3]) == 'e' && lower(name[6]) == 'r') {
        return only(name, "referer", HeaderId::referer);
      }
      return only(name, "refresh", HeaderId::refresh);
    case 8:
      if (first == 'i') {
        if (lower(name[3]) == 'm') return only(name, "if-match", HeaderId::if_match);
        return only(name, "if-range", HeaderId::if_range);
      }
      return only(name, "location", HeaderId::location);
    default:
      return HeaderId::other;
  }
}

HeaderId id_of_long(std::string_view name) {
  const auto first = lower(name[0]);
  switch (name.size()) {
    case 10:
      if (first == 'c') return only(name, "connection", HeaderId::connection);
      if (first == 'u') return only(name, "user-agent", HeaderId::user_agent);
      if (first == 's') return only(name, "set-cookie", HeaderId::set_cookie);
      return only(name, "keep-alive", HeaderId::keep_alive);
    case 12:
      return only(name, "content-type", HeaderId::content_type);
    case 13:
      if (first == 'c') {
        if (lower(name[1]) == 'a') return only(name, "cache-control", HeaderId::cache_control);
        return only(name, "content-range", HeaderId::content_range);
      }
      if (first == 'a') return only(name, "authorization", HeaderId::authorization);
      if (first == 'l') return only(name, "last-modified", HeaderId::last_modified);
      return only(name, "if-none-match", HeaderId::if_none_match);
    case 14:
      return only(name, "content-length", HeaderId::content_length);
    case 15:
      if (first == 'a') return only(name, "accept-encoding", HeaderId::accept_encoding);
      if (lower(name[2]) == 'f') return only(name, "x-forwarded-for", HeaderId::x_forwarded_for);
      if (lower(name[8]) == 'e') return only(name, "x-accel-expires", HeaderId::x_accel_expires);
      return only(name, "x-accel-charset", HeaderId::x_accel_charset);
    case 16:
      if (first == 'c') return only(name, "content-encoding", HeaderId::content_encoding);
      if (first == 'p') return only(name, "proxy-connection", HeaderId::proxy_connection);
      if (first == 'w') return only(name, "www-authenticate", HeaderId::www_authenticate);
      return only(name, "x-accel-redirect", HeaderId::x_accel_redirect);
    case 17:
      if (first == 't') return only(name, "transfer-encoding", HeaderId::transfer_encoding);
      if (first == 'i') return only(name, "if-modified-since", HeaderId::if_modified_since);
      return only(name, "x-accel-buffering", HeaderId::x_accel_buffering);
    case 18:
      return only(name, "x-accel-limit-rate", HeaderId::x_accel_limit_rate);
    case 19:
      return only(name, "if-unmodified-since", HeaderId::if_unmodified_since);
    default:
      return HeaderId::other;
  }
}

}  // namespace

HeaderId header_id(std::string_view name) {
  if (name.size() < 2) return HeaderId::other;
  return name.size() < 10 ? id_of_short(name) : id_of_long(name);
}

bool same_token(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

const Header* Headers::find(HeaderId id) const {
  for (const Header& header : list_) {
    if (header.id == id) return &header;
  }
  return nullptr;
}

const Header* Headers::find(std::string_view name) const {
  for (const Header& header : list_) {
    if (same_token(header.name, name)) return &header;
  }
  return nullptr;
}

std::string_view Headers::value(HeaderId id) const {
  const Header* const header = find(id);
  return header == nullptr ? std::string_view{} : header->value;
}

void RequestHead::clear() {
  Headers kept = std::move(headers);
  kept.clear();
  *this = {};
  headers = std::move(kept);
}

void AnswerHead::clear() {
  Headers kept = std::move(headers);
  kept.clear();
  *this = {};
  headers = std::move(kept);
}

}  // namespace sluice::http
