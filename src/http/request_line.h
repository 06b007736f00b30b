// SPDX-License-Identifier: MIT
// "GET /path HTTP/1.1": what a client wants.  By nginx's rules, which are stricter than llhttp's
// about targets and know no list of methods; and one blank, not several, between the parts.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/head.h"
#include "http/lines.h"
#include "http/parser.h"

namespace sluice::http {

struct RequestLine {
  Method method = Method::other;
  Range method_name;
  Range target;     // of the absolute form: path and query
  Range authority;  // of the absolute form
  std::uint8_t minor = 1;
};

// Fills `to` with ranges of `line`.  Refusal::status is 0 when the line is fine.
Refusal read_request_line(std::string_view line, RequestLine& to);

// A line whose end has not come yet: can it still become a request line?  Tells a client that
// speaks something else (TLS, say) before the whole line has come, as nginx does.
bool may_begin_request(std::string_view line);

}  // namespace sluice::http
