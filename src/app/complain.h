// SPDX-License-Identifier: MIT
// What is said before there is a log, and to the person who typed the command.
#pragma once

#include <string>

#include "confparse/settings/log.h"

namespace sluice::app {

// "nginx: [emerg] …" on stderr.
void complain(confparse::LogLevel level, const std::string& message);

// "(98: Address already in use)"
std::string system_error_text(int number);

}  // namespace sluice::app
