// SPDX-License-Identifier: MIT
// How an address is written: as nginx does (ngx_sock_ntop, ngx_inet6_ntop).
#include "routing/facts.h"

#include "routing/numbers.h"

namespace sluice::routing {
namespace {

using Bytes16 = std::array<std::uint8_t, 16>;

void append_ipv4(std::string& out, const std::uint8_t* bytes) {
  std::array<char, 16> text;
  char* end = text.data();
  for (int i = 0; i < 4; ++i) {
    const unsigned value = bytes[i];
    if (i > 0) *end++ = '.';
    if (value >= 100) *end++ = static_cast<char>('0' + value / 100);
    if (value >= 10) *end++ = static_cast<char>('0' + value / 10 % 10);
    *end++ = static_cast<char>('0' + value % 10);
  }
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

unsigned group(const Bytes16& bytes, std::size_t i) {
  return static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

struct Run {
  std::size_t begin = 8;  // none
  std::size_t size = 0;
};

// What "::" stands for: the first longest run of two or more zero groups (RFC 5952).
Run longest_zeros(const Bytes16& bytes) {
  Run best;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && group(bytes, end) == 0) ++end;
    if (end - i > std::max<std::size_t>(best.size, 1)) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

// ::ffff:10.0.0.1, and the old IPv4-compatible ::10.0.0.1; but ::1 is an IPv6 address.
bool ends_in_ipv4(const Bytes16& bytes, Run zeros) {
  if (zeros.begin != 0) return false;
  return (zeros.size == 5 && group(bytes, 5) == 0xffff) || zeros.size == 6 ||
         (zeros.size == 7 && bytes[14] != 0 && bytes[15] != 1);
}

void append_ipv6(std::string& out, const Bytes16& bytes) {
  const Run zeros = longest_zeros(bytes);
  const bool ipv4 = ends_in_ipv4(bytes, zeros);
  const std::size_t groups = ipv4 ? 6 : 8;
  for (std::size_t i = 0; i < groups; ++i) {
    if (i == zeros.begin) {
      out += i == 0 ? "::" : ":";
      i += zeros.size - 1;
      continue;
    }
    append_hex(out, group(bytes, i));
    if (i < 7) out += ':';
  }
  if (ipv4) append_ipv4(out, bytes.data() + 12);
}

}  // namespace

std::string_view Endpoint::binary() const {
  if (size == 0) return "unix:";
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

void Endpoint::append_address(std::string& out) const {
  if (size == 4) {
    append_ipv4(out, bytes.data());
  } else if (size == 16) {
    append_ipv6(out, bytes);
  } else {
    out += "unix:";
    out += path;
  }
}

}  // namespace sluice::routing
