// SPDX-License-Identifier: MIT
// How many descriptors may the process have?  All workers share them, so what nginx needs for each
// is needed for all together.
#pragma once

#include "confparse/settings/settings.h"
#include "log/error_log.h"

namespace sluice::app {

// Raises the limit (RLIMIT_NOFILE) to what `worker_rlimit_nofile`, or else `worker_connections`,
// asks for each of `workers`, as far as the system allows.  Warns where that is not far enough.
void raise_descriptor_limit(const confparse::Settings& settings, std::size_t workers,
                            const log::ErrorLog& log);

}  // namespace sluice::app
