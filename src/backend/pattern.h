// SPDX-License-Identifier: MIT
// The bytes of a generated body, of any length: "abc…wabc…w".  23 letters: bytes that a proxy
// loses, doubles or moves by a power of two are seen, since 23 divides none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sys/types.h>

namespace sluice::backend {

inline constexpr std::uint64_t kPatternPeriod = 23;

constexpr char pattern_at(std::uint64_t offset) {
  return static_cast<char>('a' + static_cast<char>(offset % kPatternPeriod));
}

// The body's bytes from `offset` on, at most `size` and at most one block: a static block of
// memory that lives for ever.
std::string_view pattern(std::uint64_t offset, std::uint64_t size);

// Sends such a piece without copying it through this process; as sendfile(2): the number of bytes,
// or -1 with errno.
ssize_t send_pattern(int socket, std::uint64_t offset, std::uint64_t size);

}  // namespace sluice::backend
