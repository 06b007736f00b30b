// SPDX-License-Identifier: MIT
#include "proxy/heads.h"

#include "http/writer.h"

namespace sluice::proxy {

void keep_on_one_line(std::string& out, std::size_t begin) {
  for (std::size_t i = begin; i < out.size(); ++i) {
    if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') {
      out[i] = ' ';
    }
  }
}

void append_framing(std::string& out, const BodyPlan& body) {
  if (body.kind == BodyPlan::Kind::length) {
    out.append("Content-Length: ");
    http::append_number(out, body.length);
    out.append("\r\n");
  } else if (body.kind == BodyPlan::Kind::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
}

void append_range_headers(std::string& out, const RangeHeaders& ranges) {
  if (!ranges.content_range.empty()) {
    http::append_header(out, "Content-Range", ranges.content_range);
  }
  if (ranges.accepts) {
    http::append_header(out, "Accept-Ranges", "bytes");
  }
}

void append_connection(std::string& out, const ClientConnection& connection) {
  out.append(connection.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
  if (connection.keep_alive && connection.keep_alive_header) {
    out.append("Keep-Alive: timeout=");
    http::append_number(out, static_cast<std::uint64_t>(connection.keep_alive_header->count()));
    out.append("\r\n");
  }
}

}  // namespace sluice::proxy
