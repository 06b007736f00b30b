// SPDX-License-Identifier: MIT
// MD5 (RFC 1321), which nginx names peers and sessions by.  A name, no secret: not for anything
// that an attacker must not be able to forge.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::upstream {

using Md5 = std::array<std::uint8_t, 16>;

Md5 md5(std::string_view bytes);
// As 32 digits, lower case.
std::string md5_hex(std::string_view bytes);

}  // namespace sluice::upstream
