// SPDX-License-Identifier: MIT
// What a start makes ready for the process that serves, whichever that will be.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/launcher.h"
#include "app/notify.h"
#include "app/user.h"
#include "confparse/load.h"
#include "log/files.h"
#include "proxy/generation.h"

namespace sluice::app {

struct Launch {
  confparse::LoadRequest request;  // a reload loads again
  std::shared_ptr<const confparse::Settings> settings;
  std::size_t workers = 1;  // threads; those of the start, whatever a reload says
  std::optional<User> user;
  log::Files files;
  std::shared_ptr<const log::ErrorLog> log;
  std::shared_ptr<const proxy::Generation> generation;  // null: to be made of the settings
  Notify notify;
  Launcher launcher;
  std::string binary;                // what USR2 starts: absolute
  std::vector<std::string> command;  // with these words
  pid_t predecessor = 0;             // whose USR2 we are; 0: nobody's

  // It serves beside us: its end would have given us another parent.
  [[nodiscard]] bool predecessor_is_there() const {
    return predecessor != 0 && ::getppid() == predecessor;
  }
};

// What a reload says when nothing was changed.
inline constexpr const char* kStays = "; the running configuration stays";

}  // namespace sluice::app
