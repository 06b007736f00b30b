// SPDX-License-Identifier: MIT
#include "log/error_log.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

namespace sluice::log {

// A line of nginx is no longer either, whatever a client sends: NGX_MAX_ERROR_STR.
constexpr std::size_t kLongestLine = 2048;

std::string_view level_name(Level level) {
  constexpr std::array<std::string_view, 8> kNames{"emerg", "alert",  "crit", "error",
                                                   "warn",  "notice", "info", "debug"};
  return kNames[static_cast<std::size_t>(level)];
}

bool ErrorLog::takes(Level level) const {
  return std::ranges::any_of(targets_, [&](const Target& target) { return level <= target.level; });
}

void ErrorLog::write(Level level, std::string_view message, std::uint64_t connection) const {
  if (!takes(level)) {
    return;
  }
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  std::array<char, 32> date{};
  const std::size_t date_size =
      std::strftime(date.data(), date.size(), "%Y/%m/%d %H:%M:%S", &parts);
  std::string line(date.data(), date_size);
  line.append(" [").append(level_name(level)).append("] ");
  line.append(std::to_string(::getpid())).append("#").append(std::to_string(::gettid()));
  line.append(": ");
  if (connection != 0) {
    line.append("*").append(std::to_string(connection)).append(" ");
  }
  line.append(message);
  line.resize(std::min(line.size(), kLongestLine - 1));
  line.push_back('\n');
  for (const Target& target : targets_) {
    if (level <= target.level) {
      target.file->write(line);
    }
  }
}

}  // namespace sluice::log
