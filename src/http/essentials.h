// SPDX-License-Identifier: MIT
// What do the headers say about the connection and about the body?  Both parsers ask, then judge by
// the rules of their direction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/head.h"

namespace sluice::http {

// A header that may stand there once.
struct Single {
  std::string_view value;
  bool is_there = false;
  bool is_doubled = false;

  void see(std::string_view found) {
    is_doubled = is_there;
    is_there = true;
    value = found;
  }
};

struct Essentials {
  Single host;
  Single length;
  Single coding;
  bool says_close = false;       // in Connection
  bool says_keep_alive = false;  // in Connection
  bool says_upgrade = false;     // in Connection
  bool has_upgrade = false;
  bool expects_continue = false;

  // May another message follow on the connection?  RFC 9112, section 9.3.
  [[nodiscard]] bool allows_keep_alive(std::uint8_t minor) const {
    return !says_close && (minor >= 1 || says_keep_alive);
  }
  [[nodiscard]] bool wants_upgrade() const { return says_upgrade && has_upgrade; }
};

Essentials essentials_of(const Headers& headers);

// The number in a Content-Length: digits only, below 2^63 so that it is a file offset as well.
std::optional<std::uint64_t> content_length(std::string_view value);

// What a Transfer-Encoding says.  A list is refused even if its parts are known: nobody sends one,
// and peers disagree about what they mean.
enum class Coding : std::uint8_t { chunked, unknown, malformed };
Coding transfer_coding(std::string_view value);

}  // namespace sluice::http
