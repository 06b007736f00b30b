// SPDX-License-Identifier: MIT
// From a loaded configuration to a process that serves: logs, sockets, daemon, pid file, parent.
#pragma once

#include "confparse/load.h"

namespace sluice::app {

// Serves until told to end.  The exit code; what went wrong was said.
int run(confparse::LoadRequest request, const confparse::Loaded& loaded);

}  // namespace sluice::app
