// SPDX-License-Identifier: MIT
// From a loaded configuration to a process that serves: logs, sockets, daemon, pid file, parent.
#pragma once

#include <string>
#include <vector>

#include "confparse/load.h"

namespace sluice::app {

// Serves until told to end.  `command` is what was typed: USR2 starts it again.  The exit code;
// what went wrong was said.
int run(confparse::LoadRequest request, const confparse::Loaded& loaded,
        std::vector<std::string> command);

}  // namespace sluice::app
