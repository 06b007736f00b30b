// SPDX-License-Identifier: MIT
// Random bytes are drawn from the kernel for many ids at a time: a system call each would cost
// about as much as the rest of a request's variables.
#include "routing/request_id.h"

#include <sys/random.h>

#include <cstddef>
#include <cstdint>
#include <random>

namespace sluice::routing {
namespace {

constexpr std::size_t kIdBytes = 16;

struct RandomBytes {
  std::array<std::uint8_t, 16 * kIdBytes> bytes;  // getrandom never cuts 256 bytes short
  std::size_t used = bytes.size();

  const std::uint8_t* next() {
    if (used == bytes.size()) refill();
    const std::uint8_t* id = bytes.data() + used;
    used += kIdBytes;
    return id;
  }

  void refill() {
    used = 0;
    if (::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())) return;
    std::random_device device;  // a kernel without getrandom
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
  }
};

}  // namespace

void fill_request_id(std::array<char, 32>& id) {
  constexpr char kDigits[] = "0123456789abcdef";
  thread_local RandomBytes random;
  const std::uint8_t* bytes = random.next();
  for (std::size_t i = 0; i < kIdBytes; ++i) {
    id[2 * i] = kDigits[bytes[i] >> 4];
    id[2 * i + 1] = kDigits[bytes[i] & 0xf];
  }
}

}  // namespace sluice::routing
