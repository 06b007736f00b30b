// SPDX-License-Identifier: MIT
// $hostname, as a variable and as a server's name.
#pragma once

#include <string>

namespace sluice::routing {

// The machine's name in lower case, asked for once.
const std::string& hostname();

}  // namespace sluice::routing
