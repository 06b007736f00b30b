// SPDX-License-Identifier: MIT
// `env`: which variables of the environment the serving process, and a new binary, get to see.
#pragma once

#include <string>
#include <vector>

namespace sluice::app {

// "NAME=value" for each line of the configuration that has a value; TZ is always among them, as in
// nginx.
std::vector<std::string> chosen_environment(const std::vector<std::string>& lines);

// Makes it this process's own.  While there is one thread only.
void use_environment(const std::vector<std::string>& lines);

}  // namespace sluice::app
