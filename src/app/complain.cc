// SPDX-License-Identifier: MIT
#include "app/complain.h"

#include <cstdio>
#include <cstring>

#include "log/error_log.h"

namespace sluice::app {

void complain(confparse::LogLevel level, const std::string& message) {
  const std::string line = "nginx: [" + std::string(log::level_name(level)) + "] " + message + "\n";
  std::fputs(line.c_str(), stderr);
}

std::string system_error_text(int number) {
  return "(" + std::to_string(number) + ": " + std::strerror(number) + ")";
}

}  // namespace sluice::app
