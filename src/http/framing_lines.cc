// SPDX-License-Identifier: MIT
// llhttp reads the lines that frame a body.  Start lines, other headers and bodies it does not see:
// its idea of a request line is another than nginx's (it knows a list of methods, and no HTTP/1.2),
// of a body it takes more than may pass (a bare LF after a chunk size), and of any other header
// nothing is left to say once its name was judged and its line had no control byte.  So each head
// begins with a copy of a parser that has just read "GET / HTTP/1.1"; this also spares an
// allocation and a reset.
//
// llhttp is the second to look: LineScanner and field_line have refused bare CR and LF, control
// bytes, folded lines and blanks in names, which llhttp 8.1 partly lets pass.  What it refuses
// beyond that (a Content-Length that is no number or is there twice) stays refused.
#include "http/framing_lines.h"

#include <llhttp.h>

namespace sluice::http {

namespace {

int on_end(llhttp_t*) {
  return HPE_PAUSED;
}

constexpr llhttp_settings_t kSettings = [] {
  llhttp_settings_t settings{};
  settings.on_headers_complete = on_end;
  return settings;
}();

// Shared by all threads, and constant: what llhttp is after a request line.
const llhttp_t& after_request_line() {
  static const llhttp_t parser = [] {
    llhttp_t fresh;
    llhttp_init(&fresh, HTTP_REQUEST, &kSettings);
    constexpr std::string_view kLine = "GET / HTTP/1.1\r\n";
    llhttp_execute(&fresh, kLine.data(), kLine.size());
    return fresh;
  }();
  return parser;
}

}  // namespace

bool llhttp_agrees(std::string_view bytes, std::span<const Range> lines) {
  llhttp_t parser = after_request_line();
  for (const Range& range : lines) {
    const std::string_view line = range.of(bytes);
    if (llhttp_execute(&parser, line.data(), line.size()) != HPE_OK) return false;
  }
  constexpr std::string_view kEnd = "\r\n";
  return llhttp_execute(&parser, kEnd.data(), kEnd.size()) == HPE_PAUSED &&
         llhttp_get_error_pos(&parser) == kEnd.data() + kEnd.size();
}

}  // namespace sluice::http
