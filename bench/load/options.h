// SPDX-License-Identifier: MIT
// What to ask, of whom, how often: the command line of sluice-load.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/types.h>

namespace sluice::load {

struct Options {
  sockaddr_in address{};
  std::string path = "/";
  std::uint64_t upload = 0;  // bytes of each request's body
  bool upload_chunked = false;
  bool keep_alive = true;  // else a connection for each request
  std::size_t connections = 1;
  std::chrono::nanoseconds duration = std::chrono::seconds(1);
  std::uint64_t requests = 0;  // ends after so many instead, when not 0
  double rate = 0;             // requests a second in all; 0: each connection as fast as it can
  std::vector<pid_t> watched;  // whose CPU time is counted
  bool waits = false;          // for a line on stdin before the measured part, and one at the end
};

// Ends the program with a word when it makes no sense.
Options parse_options(int count, char** words);

}  // namespace sluice::load
