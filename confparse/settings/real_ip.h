// SPDX-License-Identifier: MIT
// Who may say whom it speaks for, and in which header: set_real_ip_from, real_ip_header.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// The addresses that begin with the same bits.
struct Network {
  std::array<std::uint8_t, 16> bytes{};  // in network order
  std::uint8_t size = 0;                 // 4, 16, or 0: every unix: socket
  std::uint8_t bits = 0;                 // how many of them count
};

struct RealIpSettings {
  std::vector<Network> from;  // both empty: nobody is believed
  std::vector<Text> names;    // of further ones, looked up once
  std::string header = "X-Real-IP";
  bool recursive = false;
};

}  // namespace sluice::confparse
