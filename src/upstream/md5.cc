// SPDX-License-Identifier: MIT
#include "upstream/md5.h"

#include <openssl/evp.h>

namespace sluice::upstream {
namespace {

// By this property also where only approved algorithms are on offer by default: nothing here has to
// withstand an attacker.
const EVP_MD* algorithm() {
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", "-fips");
  return md5;
}

}  // namespace

Md5 md5(std::string_view bytes) {
  Md5 digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm(), nullptr);
  return digest;
}

std::string md5_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : md5(bytes)) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace sluice::upstream
