// SPDX-License-Identifier: MIT
#include "upstream/md5.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <span>

namespace sluice::upstream {
namespace {

using State = std::array<std::uint32_t, 4>;

constexpr std::size_t kBlock = 64;
constexpr std::size_t kSteps = 64;
constexpr std::array<std::array<int, 4>, 4> kTurns{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

// The RFC's table: the integer part of 2^32 |sin(i + 1)|.
const std::array<std::uint32_t, kSteps>& sines() {
  static const auto table = [] {
    std::array<std::uint32_t, kSteps> made{};
    for (std::size_t i = 0; i < kSteps; ++i) {
      made[i] = static_cast<std::uint32_t>(
          std::floor(std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0));
    }
    return made;
  }();
  return table;
}

std::uint32_t word_at(std::span<const std::uint8_t> block, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t byte = 4; byte-- > 0;) {
    word = word << 8 | block[index * 4 + byte];
  }
  return word;
}

void add_block(State& state, std::span<const std::uint8_t> block) {
  auto [a, b, c, d] = state;
  for (std::size_t step = 0; step < kSteps; ++step) {
    const std::size_t round = step / 16;
    std::uint32_t mixed = 0;
    std::size_t word = 0;
    switch (round) {
      case 0:
        mixed = (b & c) | (~b & d);
        word = step;
        break;
      case 1:
        mixed = (d & b) | (~d & c);
        word = (5 * step + 1) % 16;
        break;
      case 2:
        mixed = b ^ c ^ d;
        word = (3 * step + 5) % 16;
        break;
      default:
        mixed = c ^ (b | ~d);
        word = 7 * step % 16;
        break;
    }
    const std::uint32_t sum = a + mixed + sines()[step] + word_at(block, word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kTurns[round][step % 4]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

}  // namespace

Md5 md5(std::string_view bytes) {
  std::string padded(bytes);
  padded.push_back('\x80');
  padded.resize((padded.size() + 8 + kBlock - 1) / kBlock * kBlock - 8);
  for (int shift = 0; shift < 64; shift += 8) {
    padded.push_back(static_cast<char>(std::uint64_t{bytes.size()} * 8 >> shift & 0xff));
  }
  State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::array<std::uint8_t, kBlock> block{};
  for (std::size_t at = 0; at < padded.size(); at += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      block[i] = static_cast<std::uint8_t>(padded[at + i]);
    }
    add_block(state, block);
  }
  Md5 digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (i % 4 * 8) & 0xff);
  }
  return digest;
}

std::string md5_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : md5(bytes)) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

}  // namespace sluice::upstream
