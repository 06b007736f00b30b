// SPDX-License-Identifier: MIT
// How a value is made safe for a log line: log_format's escape=default, json and none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::routing {

enum class LogEscape : std::uint8_t {
  standard,  // escape=default: `"`, `\` and bytes outside 32…126 as \xHH; "-" for no value
  json,      // as a JSON string's inside; nothing for no value
  none,
};

void append_log_escaped(std::string& out, std::string_view value,
                        LogEscape escape = LogEscape::standard);
// The same for what stands in `out` from `begin` on already.
void escape_in_place(std::string& out, std::size_t begin, LogEscape escape);

}  // namespace sluice::routing
