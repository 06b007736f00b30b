// SPDX-License-Identifier: MIT
// How a value is made safe for a log line: log_format's escape=default, json and none.
#pragma once

#include <string>
#include <string_view>

#include "confparse/settings/log.h"

namespace sluice::routing {

// standard (escape=default): `"`, `\` and bytes outside 32…126 as \xHH.  json: the inside of a
// JSON string.
using confparse::LogEscape;

void append_log_escaped(std::string& out, std::string_view value,
                        LogEscape escape = LogEscape::standard);
// The same for what stands in `out` from `begin` on already.
void escape_in_place(std::string& out, std::size_t begin, LogEscape escape);

}  // namespace sluice::routing
