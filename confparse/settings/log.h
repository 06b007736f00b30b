// SPDX-License-Identifier: MIT
// What is written down: error_log, access_log, log_format.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// From the quietest to the most talkative, in nginx's order.
enum class LogLevel : std::uint8_t { emerg, alert, crit, error, warn, notice, info, debug };

struct ErrorLogSetting {
  std::string path;  // absolute, or "stderr"
  LogLevel level = LogLevel::error;
  Position position;
};

// How a variable's bytes are made harmless in a log line.
enum class LogEscape : std::uint8_t { standard, json, none };

struct LogFormat {
  std::string name;
  Text text;  // the quoted pieces joined
  LogEscape escape = LogEscape::standard;
};

struct AccessLogSetting {
  std::string path;                 // absolute
  std::string format = "combined";  // a LogFormat's name
  Position position;
  std::uint64_t buffer = 0;           // bytes collected before they are written; 0: none
  std::chrono::milliseconds flush{};  // how old a line may become in there; 0: any age
  std::optional<Text> condition;      // no line when it is "" or "0"
};

struct LogSettings {
  std::vector<AccessLogSetting> access_logs;  // empty: `access_log off`
  std::vector<ErrorLogSetting> error_logs;    // empty: those of the enclosing block
  bool log_not_found = true;                  // is a missing file worth an error?
};

}  // namespace sluice::confparse
