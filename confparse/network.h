// SPDX-License-Identifier: MIT
// Networks as the configuration writes them: "10.0.0.0/8", "::1", "unix:".
#pragma once

#include <optional>
#include <string_view>

#include "confparse/settings/real_ip.h"

namespace sluice::confparse {

struct ParsedNetwork {
  Network network;
  bool lost_bits = false;  // some behind the prefix were set, and are not any more
};

// Nothing when the word is neither: a name, or nonsense.
std::optional<ParsedNetwork> parse_network(std::string_view word);

}  // namespace sluice::confparse
