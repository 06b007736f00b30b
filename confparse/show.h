// SPDX-License-Identifier: MIT
// Values as a configuration would write them, for docs/DIRECTIVES.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::confparse {

inline std::string show_flag(bool value) {
  return value ? "on" : "off";
}

inline std::string show_size(std::uint64_t bytes) {
  constexpr std::uint64_t kKilo = 1024;
  if (bytes != 0 && bytes % (kKilo * kKilo) == 0) {
    return std::to_string(bytes / kKilo / kKilo) + "m";
  }
  return bytes != 0 && bytes % kKilo == 0 ? std::to_string(bytes / kKilo) + "k"
                                          : std::to_string(bytes);
}

inline std::string show_duration(std::chrono::milliseconds time) {
  using std::chrono::hours;
  using std::chrono::seconds;
  if (time.count() != 0 && time % hours(1) == hours(0)) {
    return std::to_string(time / hours(1)) + "h";
  }
  return time % seconds(1) == seconds(0)
             ? std::to_string(time / seconds(1)) + (time.count() != 0 ? "s" : "")
             : std::to_string(time.count()) + "ms";
}

}  // namespace sluice::confparse
