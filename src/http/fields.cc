// SPDX-License-Identifier: MIT
// llhttp reads header lines; start lines and bodies it does not see.  Its idea of a request line is
// another than nginx's (it knows a list of methods, and no HTTP/1.2), and of a body it takes more
// than may pass (a bare LF after a chunk size).  So each head begins with a copy of a parser that
// has just read "GET / HTTP/1.1"; this also spares an allocation and a reset.
//
// llhttp is the second to look: LineScanner and field_line have refused bare CR and LF, control
// bytes, folded lines and blanks in names, which llhttp 8.1 partly lets pass.  What it refuses
// beyond that (a name that is no token, a Content-Length that is no number or is there twice) stays
// refused.
#include "http/fields.h"

#include <llhttp.h>

namespace sluice::http {

namespace {

struct Reading {
  Headers& headers;
  std::string_view name;
};

Reading& reading(llhttp_t* parser) {
  return *static_cast<Reading*>(parser->data);
}

int on_name(llhttp_t* parser, const char* begin, std::size_t size) {
  reading(parser).name = {begin, size};
  return HPE_OK;
}

bool is_blank(char byte) {
  return byte == ' ' || byte == '\t';
}

// Comes once a header, as the section is given whole.  Blanks at the end are still there.
int on_value(llhttp_t* parser, const char* begin, std::size_t size) {
  while (size > 0 && is_blank(begin[size - 1])) --size;
  Reading& to = reading(parser);
  to.headers.add(to.name, {begin, size}, header_id(to.name));
  return HPE_OK;
}

int on_end(llhttp_t*) {
  return HPE_PAUSED;
}

constexpr llhttp_settings_t kSettings = [] {
  llhttp_settings_t settings{};
  settings.on_header_field = on_name;
  settings.on_header_value = on_value;
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

bool read_fields(std::string_view section, std::span<const Range> left_out, Headers& headers) {
  Reading to{headers, {}};
  llhttp_t parser = after_request_line();
  parser.data = &to;

  std::size_t begin = 0;
  for (const Range& gap : left_out) {
    const std::string_view lines = section.substr(begin, gap.begin - begin);
    if (llhttp_execute(&parser, lines.data(), lines.size()) != HPE_OK) return false;
    begin = gap.end;
  }
  const std::string_view lines = section.substr(begin);
  return llhttp_execute(&parser, lines.data(), lines.size()) == HPE_PAUSED &&
         llhttp_get_error_pos(&parser) == lines.data() + lines.size();
}

}  // namespace sluice::http
