// SPDX-License-Identifier: MIT
#include "proxy/peer_head.h"

#include <algorithm>

#include "http/characters.h"
#include "http/uri.h"
#include "http/writer.h"

namespace sluice::proxy {
namespace {

using http::append_header;
using http::HeaderId;

// Belong to one connection (RFC 9110, section 7.6.1) or are written by us; never passed on to a
// peer by themselves.  Content-Length and Transfer-Encoding follow from the body's plan.
bool is_ours_to_peer(const http::Header& header) {
  switch (header.id) {
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
    case HeaderId::other:
      // Half of an upgrade to HTTP/2; a peer that took it up would be out of our control.
      return http::same_token(header.name, "HTTP2-Settings");
    default:
      return false;
  }
}

// `proxy_pass http://peer/uri/;` in `location /prefix/`: the URI takes the prefix's place.
void append_peer_target(std::string& out, const routing::Facts& facts, const ProxyPass& pass) {
  if (!facts.peer_uri.empty()) {
    out.append(facts.peer_uri);
    return;
  }
  // "?args" is what an absolute target without a path leaves.
  if (!pass.uri && !facts.uri_was_changed && facts.request_uri.starts_with('/')) {
    out.append(facts.request_uri);
    return;
  }
  std::string_view path = facts.uri;
  if (pass.uri) {
    out.append(*pass.uri);
    path.remove_prefix(std::min(pass.prefix.size(), path.size()));
  }
  http::append_escaped_path(path, out);
  if (!facts.args.empty()) {
    const std::size_t begin = out.size();
    out.append("?").append(facts.args);
    http::escape_controls(out, begin);  // try_files may have put $uri there
  }
}

void append_method(std::string& out, const routing::Facts& facts, const ProxyPass& pass) {
  const std::size_t begin = out.size();
  if (pass.method) {
    pass.method->append_to(out, facts);
  }
  const std::string_view method = std::string_view(out).substr(begin);
  if (method.empty() || !std::ranges::all_of(method, http::is_token)) {
    out.resize(begin);
    out.append(facts.request->method_name);
  }
}

bool names_h2c(std::string_view protocols) {
  while (!protocols.empty()) {
    const std::size_t comma = std::min(protocols.find(','), protocols.size());
    std::string_view name = protocols.substr(0, comma);
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    if (http::same_token(name.substr(0, name.find_last_not_of(" \t") + 1), "h2c")) {
      return true;
    }
    protocols.remove_prefix(std::min(comma + 1, protocols.size()));
  }
  return false;
}

// A client's wish to speak another protocol, WebSocket as a rule, when the configuration says
// nothing about it.  But for HTTP/2: what a peer is asked then could not be seen any more.
void append_upgrade(std::string& out, const http::RequestHead& request) {
  const std::string_view protocol = request.headers.value(HeaderId::upgrade);
  if (!names_h2c(protocol)) {
    append_header(out, "Upgrade", protocol);
    append_header(out, "Connection", "upgrade");
  }
}

}  // namespace

http::Method peer_method(const routing::Facts& facts, const ProxyPass& pass) {
  if (!pass.method) {
    return facts.request->method;
  }
  thread_local std::string storage;
  const std::string_view name = pass.method->expand(facts, storage);
  if (name.empty()) {
    return facts.request->method;
  }
  return http::same_token(name, "HEAD") ? http::Method::head : http::Method::other;
}

void append_peer_head(std::string& out, const routing::Facts& facts, const ProxyPass& pass,
                      const confparse::ProxySettings& settings, const BodyPlan& body) {
  append_method(out, facts, pass);
  out.append(" ");
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
      if (!header.value.constant()) {
        keep_on_one_line(out, value);
      }
      out.append("\r\n");
    }
  }
  append_framing(out, body);
  const http::RequestHead& request = *facts.request;
  if (request.wants_upgrade && pass.passes_upgrade) {
    append_upgrade(out, request);
  }
  if (pass.passes_headers) {
    for (const http::Header& header : request.headers) {
      if (!is_ours_to_peer(header) && !pass.drops(header)) {
        append_header(out, header.name, header.value);
      }
    }
  }
  out.append("\r\n");
}

// Called for each header of a request: compares ids first, names only where neither is known.
bool ProxyPass::drops(const http::Header& header) const {
  for (const PeerHeader& replaced : headers) {
    if (replaced.id != header.id) {
      continue;
    }
    if (header.id != HeaderId::other || http::same_token(replaced.name, header.name)) {
      return true;
    }
  }
  return false;
}

}  // namespace sluice::proxy
