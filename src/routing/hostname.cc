// SPDX-License-Identifier: MIT
// nginx asks at start and never again (ngx_init_cycle).
#include "routing/hostname.h"

#include <unistd.h>

#include <array>

namespace sluice::routing {

const std::string& hostname() {
  static const std::string name = [] {
    std::array<char, 256> text{};
    std::string letters;
    if (::gethostname(text.data(), text.size() - 1) == 0) letters = text.data();
    for (char& c : letters) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    return letters;
  }();
  return name;
}

}  // namespace sluice::routing
