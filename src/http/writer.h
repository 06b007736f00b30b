// SPDX-License-Identifier: MIT
// A head is put together, canonically: "Name: value\r\n".  The text is a string that its owner
// reuses from message to message, so once warm nothing is allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::http {

void append_number(std::string& out, std::uint64_t value);  // decimal

void append_header(std::string& out, std::string_view name, std::string_view value);

// What variables hold may have been decoded, "%0d%0a" among it: in a URI such bytes are escaped
// again from `begin` on, and so are blanks.
void escape_controls(std::string& out, std::size_t begin);

// "200 OK", "404 Not Found", as nginx words them; another gets its number and the blank that has to
// follow it: "418 ".
std::string_view status_line(std::uint16_t status);

// The size line of a chunk, "1f4\r\n", written into `into`.
std::string_view chunk_size_line(std::uint64_t size, std::span<char, 24> into);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace sluice::http
