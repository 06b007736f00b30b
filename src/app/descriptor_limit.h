// SPDX-License-Identifier: MIT
// How many descriptors may the process have?  All workers share them, so what nginx needs for each
// is needed for all together.
#pragma once

#include "confparse/settings/settings.h"
#include "log/error_log.h"

namespace sluice::app {

// Sets the limit (RLIMIT_NOFILE) to `worker_rlimit_nofile` for each of `workers`, be it more or
// less than it was.  Without it, raises the limit to what `worker_connections` need, as far as the
// system allows.  Warns where that is not far enough.
void set_descriptor_limit(const confparse::Settings& settings, std::size_t workers,
                          const log::ErrorLog& log);

}  // namespace sluice::app
