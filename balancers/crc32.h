// SPDX-License-Identifier: MIT
// CRC-32 as in zlib and nginx (reflected, polynomial 0xEDB88320), for the hash strategies.
// Our own, because this folder links nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::balancers {

// A running checksum: copy it to go on from the same beginning twice.
class Crc32 {
 public:
  constexpr Crc32& add(std::string_view bytes) {
    for (const char byte : bytes) {
      const auto octet = static_cast<unsigned char>(byte);
      state_ = kTable[(state_ ^ octet) & 0xff] ^ (state_ >> 8);
    }
    return *this;
  }

  [[nodiscard]] constexpr std::uint32_t value() const { return ~state_; }

 private:
  static constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
      std::uint32_t entry = octet;
      for (int bit = 0; bit < 8; ++bit) {
        entry = (entry & 1) != 0 ? (entry >> 1) ^ 0xEDB88320u : entry >> 1;
      }
      table[octet] = entry;
    }
    return table;
  }

  static const std::array<std::uint32_t, 256> kTable;

  std::uint32_t state_ = 0xffffffff;
};

inline constexpr std::array<std::uint32_t, 256> Crc32::kTable = Crc32::make_table();

}  // namespace sluice::balancers
