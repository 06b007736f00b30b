// SPDX-License-Identifier: MIT
// The error log, in nginx's words and shape:
//
//   2026/11/23 01:02:03 [error] 123#125: *7 connect() failed (111: Connection refused) …
//
// From any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "confparse/settings/log.h"
#include "log/file.h"

namespace sluice::log {

using Level = confparse::LogLevel;

class ErrorLog {
 public:
  struct Target {
    std::shared_ptr<File> file;
    Level level;
  };

  explicit ErrorLog(std::vector<Target> targets) : targets_(std::move(targets)) {}

  // Would a line of this level be written anywhere?  Ask before putting a costly text together.
  [[nodiscard]] bool takes(Level level) const;
  // `connection` is the number behind the star; 0: the line belongs to no connection.
  void write(Level level, std::string_view message, std::uint64_t connection = 0) const;

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }

 private:
  std::vector<Target> targets_;
};

// "emerg", "alert", …
std::string_view level_name(Level level);

}  // namespace sluice::log
