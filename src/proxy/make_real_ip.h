// SPDX-License-Identifier: MIT
// `set_real_ip_from` made ready: its names have become addresses.
#pragma once

#include <optional>

#include "confparse/settings/real_ip.h"
#include "routing/real_ip.h"

namespace sluice::proxy {

// Nothing when nobody is trusted.  `resolve` false: names are left out (-t).
// Throws confparse::ConfigError for a name that has no address.
std::optional<routing::RealIp> make_real_ip(const confparse::RealIpSettings& settings,
                                            bool resolve);

}  // namespace sluice::proxy
