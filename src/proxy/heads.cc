// SPDX-License-Identifier: MIT
#include "proxy/heads.h"

#include <algorithm>

#include "http/uri.h"
#include "http/writer.h"

namespace sluice::proxy {
namespace {

using http::append_header;
using http::HeaderId;

// Belong to one connection (RFC 9110, section 7.6.1) or are written by us; never passed on to a
// peer.  Content-Length and Transfer-Encoding follow from the body's plan.
bool is_ours_to_peer(HeaderId id) {
  switch (id) {
    case HeaderId::host:
    case HeaderId::connection:
    case HeaderId::content_length:
    case HeaderId::transfer_encoding:
    case HeaderId::te:
    case HeaderId::keep_alive:
    case HeaderId::proxy_connection:
    case HeaderId::expect:
    case HeaderId::upgrade:
      return true;
    default:
      return false;
  }
}

// Not passed on to a client: about the peer's connection, written by us, or hidden as in nginx.
bool is_ours_to_client(HeaderId id) {
  switch (id) {
    case HeaderId::connection:
    case HeaderId::keep_alive:
    case HeaderId::transfer_encoding:
    case HeaderId::content_length:
    case HeaderId::content_type:
    case HeaderId::last_modified:
    case HeaderId::date:
    case HeaderId::server:
    case HeaderId::proxy_connection:
    case HeaderId::te:
    case HeaderId::upgrade:
    case HeaderId::x_accel_buffering:
    case HeaderId::x_accel_charset:
    case HeaderId::x_accel_expires:
    case HeaderId::x_accel_limit_rate:
    case HeaderId::x_accel_redirect:
      return true;
    default:
      return false;
  }
}

// `proxy_pass http://peer/uri/;` in `location /prefix/`: the URI takes the prefix's place.
void append_peer_target(std::string& out, const routing::Facts& facts, const ProxyPass& pass) {
  if (!pass.uri && !facts.uri_was_changed) {
    out.append(facts.request_uri);
    return;
  }
  std::string_view path = facts.uri;
  if (pass.uri) {
    out.append(*pass.uri);
    path.remove_prefix(std::min(pass.prefix.size(), path.size()));
  }
  http::append_escaped_path(path, out);
  if (facts.has_args) {
    out.append("?").append(facts.args);
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

void append_length(std::string& out, std::uint64_t length) {
  out.append("Content-Length: ");
  http::append_number(out, length);
  out.append("\r\n");
}

void append_start(std::string& out, std::string_view status_line, std::string_view server,
                  std::string_view date) {
  out.append("HTTP/1.1 ").append(status_line).append("\r\nServer: ").append(server);
  out.append("\r\nDate: ").append(date).append("\r\n");
}

}  // namespace

void append_peer_head(std::string& out, const routing::Facts& facts, const ProxyPass& pass,
                      const confparse::ProxySettings& settings, const BodyPlan& body) {
  const http::RequestHead& request = *facts.request;
  out.append(request.method_name).append(" ");
  append_peer_target(out, facts, pass);
  out.append(settings.http_minor == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");

  for (const PeerHeader& header : pass.headers) {
    const std::size_t begin = out.size();
    out.append(header.name).append(": ");
    const std::size_t value = out.size();
    header.value.append_to(out, facts);
    if (out.size() == value) {
      out.resize(begin);  // an empty value means: do not send it
    } else {
      out.append("\r\n");
    }
  }
  if (body.kind == BodyPlan::Kind::length) {
    append_length(out, body.length);
  } else if (body.kind == BodyPlan::Kind::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  for (const http::Header& header : request.headers) {
    if (!is_ours_to_peer(header.id) && !pass.drops(header)) {
      append_header(out, header.name, header.value);
    }
  }
  out.append("\r\n");
}

void append_answer_head(std::string& out, const http::AnswerHead& answer, const BodyPlan& body,
                        const ClientConnection& connection, std::string_view server,
                        std::string_view date) {
  append_start(out, answer.status_line, server, date);
  if (const http::Header* type = answer.headers.find(HeaderId::content_type)) {
    append_header(out, "Content-Type", type->value);
  }
  if (body.kind == BodyPlan::Kind::length) {
    append_length(out, body.length);
  } else if (body.kind == BodyPlan::Kind::none) {
    // HEAD and 304 say how long the body would have been.
    if (const http::Header* length = answer.headers.find(HeaderId::content_length)) {
      append_header(out, "Content-Length", length->value);
    }
  }
  if (const http::Header* modified = answer.headers.find(HeaderId::last_modified)) {
    append_header(out, "Last-Modified", modified->value);
  }
  if (body.kind == BodyPlan::Kind::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  append_connection(out, connection);
  for (const http::Header& header : answer.headers) {
    if (!is_ours_to_client(header.id)) {
      append_header(out, header.name, header.value);
    }
  }
  out.append("\r\n");
}

void append_own_head(std::string& out, const OwnAnswer& answer, const BodyPlan& body,
                     const ClientConnection& connection, std::string_view server,
                     std::string_view date) {
  append_start(out, http::status_line(answer.status), server, date);
  if (!answer.content_type.empty()) {
    append_header(out, "Content-Type", answer.content_type);
  }
  if (body.kind == BodyPlan::Kind::length) {
    append_length(out, body.length);
  }
  if (!answer.last_modified.empty()) {
    append_header(out, "Last-Modified", answer.last_modified);
  }
  append_connection(out, connection);
  if (!answer.location.empty()) {
    append_header(out, "Location", answer.location);
  }
  if (!answer.entity_tag.empty()) {
    append_header(out, "ETag", answer.entity_tag);
  }
  out.append("\r\n");
}

}  // namespace sluice::proxy
