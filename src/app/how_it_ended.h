// SPDX-License-Identifier: MIT
// The status of a child, in nginx's words.
#pragma once

#include <string>

namespace sluice::app {

// "exited on signal 9 (Killed)"
std::string how_it_ended(int status);

}  // namespace sluice::app
