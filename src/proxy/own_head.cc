// SPDX-License-Identifier: MIT
#include "proxy/own_head.h"

#include "http/writer.h"

namespace sluice::proxy {

using http::append_header;

void append_own_head(std::string& out, const OwnAnswer& answer, const AnswerFrame& frame,
                     const Location& location, const routing::Facts& facts) {
  const std::size_t begin = out.size();
  const AddedHeaders::Replaced replaced = location.added.empty()
                                              ? AddedHeaders::Replaced{}
                                              : location.added.replaced(answer.status, facts);
  out.append("HTTP/1.1 ").append(http::status_line(answer.status)).append("\r\n");
  append_header(out, "Server", frame.server);
  append_header(out, "Date", frame.date);
  if (!answer.content_type.empty()) {
    append_header(out, "Content-Type", answer.content_type);
  }
  append_framing(out, frame.body);
  if (!answer.last_modified.empty() && !replaced.last_modified) {
    append_header(out, "Last-Modified", answer.last_modified);
  }
  if (answer.location_is_ours) {
    append_header(out, "Location", answer.location);
  }
  append_connection(out, frame.connection);
  if (!answer.location.empty() && !answer.location_is_ours) {
    append_header(out, "Location", answer.location);
  }
  if (!answer.entity_tag.empty() && !replaced.etag) {
    append_header(out, "ETag", answer.entity_tag);
  }
  out.append(frame.carried);
  if (!replaced.cache_control) {
    out.append(frame.carried_caching);
  }
  if (!location.added.empty()) {
    location.added.append_to(out, begin, answer.status, answer.last_modified, facts);
  }
  append_range_headers(out, answer.ranges);
  out.append("\r\n");
}

}  // namespace sluice::proxy
