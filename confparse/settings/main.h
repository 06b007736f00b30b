// SPDX-License-Identifier: MIT
// What the process itself is told: the main and the events context.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "confparse/position.h"
#include "confparse/settings/log.h"

namespace sluice::confparse {

struct UserSetting {
  std::string user;
  std::string group;  // empty: the user's own
  Position position;
};

struct MainSettings {
  bool daemon = true;
  bool master_process = true;
  std::uint32_t worker_processes = 1;    // threads; 0: `auto`, one per core
  std::uint32_t most_descriptors = 0;    // worker_rlimit_nofile, of each worker; 0: not said
  std::string pid_path;                  // absolute; empty: none
  std::string working_directory;         // as it stands there; empty: where it was started
  std::vector<std::string> environment;  // "NAME": kept, "NAME=value": set
  // How long QUIT waits for open connections; 0: for ever.
  std::chrono::milliseconds shutdown_timeout{0};
  std::optional<UserSetting> user;
  std::vector<ErrorLogSetting> error_logs;  // never empty once loaded
};

struct EventsSettings {
  std::uint32_t worker_connections = 512;
};

}  // namespace sluice::confparse
