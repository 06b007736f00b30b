// SPDX-License-Identifier: MIT
#include "confparse/network.h"

#include <arpa/inet.h>

#include <string>

#include "confparse/values.h"

namespace sluice::confparse {
namespace {

// Clears what stands behind the first `bits`.  True when there was something.
bool clear_behind(Network& network) {
  bool cleared = false;
  for (std::size_t i = 0; i < network.size; ++i) {
    const std::size_t before = i * 8;
    const std::size_t kept = network.bits > before ? network.bits - before : 0;
    const unsigned mask = kept >= 8 ? 0xffu : 0xffu << (8 - kept) & 0xffu;
    cleared = cleared || (network.bytes[i] & ~mask) != 0;
    network.bytes[i] = static_cast<std::uint8_t>(network.bytes[i] & mask);
  }
  return cleared;
}

}  // namespace

std::optional<ParsedNetwork> parse_network(std::string_view word) {
  if (word == "unix:") {
    return ParsedNetwork{};
  }
  const std::size_t slash = word.find('/');
  const std::string address(word.substr(0, slash));
  ParsedNetwork parsed;
  Network& network = parsed.network;
  if (inet_pton(AF_INET, address.c_str(), network.bytes.data()) == 1) {
    network.size = 4;
  } else if (inet_pton(AF_INET6, address.c_str(), network.bytes.data()) == 1) {
    network.size = 16;
  } else {
    return std::nullopt;
  }
  std::uint64_t bits = network.size * 8u;
  if (slash != std::string_view::npos) {
    const auto number = parse_number(word.substr(slash + 1));
    if (!number || *number > bits) {
      return std::nullopt;
    }
    bits = *number;
  }
  network.bits = static_cast<std::uint8_t>(bits);
  parsed.lost_bits = clear_behind(network);
  return parsed;
}

}  // namespace sluice::confparse
