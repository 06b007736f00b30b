// SPDX-License-Identifier: MIT
// The command line of sluice-backend: where it listens, what it is called, how it misbehaves.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::backend {

// How this peer fails, so that tests can see what a proxy makes of it.
struct Faults {
  std::optional<std::uint64_t> die_after;    // answers of the process, then it is gone
  std::optional<std::uint64_t> close_after;  // answers of a connection, then it closes unannounced
  std::optional<std::uint64_t> reset_after;  // body bytes, then the connection is reset
  std::optional<std::uint16_t> status_all;   // the status of every answer
  std::chrono::milliseconds close_idle{0};   // a connection idle for so long is closed; 0: never
  std::chrono::milliseconds delay{0};        // before every answer
  bool garbage = false;                      // answers are not HTTP
};

struct Options {
  std::vector<std::string> listens;  // "127.0.0.1:0", "[::1]:80", "unix:/path"
  std::string name;                  // empty: each listener is named after its address
  unsigned threads = 1;
  Faults faults;
};

// Prints what is wrong, or the help, and exits, if the words ask for it.
Options parse_options(int count, char** words);

}  // namespace sluice::backend
