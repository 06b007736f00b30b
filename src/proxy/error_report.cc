// SPDX-License-Identifier: MIT
#include "proxy/error_report.h"

#include <string>

#include "net/error.h"

namespace sluice::proxy {
namespace {

using log::Level;

// A URL may hold a password: "http://user:secret@host/".  Nothing of it before the host is told.
void append_without_user(std::string& out, std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != text.npos) {
    const std::size_t begin = scheme + 3;
    const std::string_view authority =
        text.substr(begin, text.find_first_of("/?# ", begin) - begin);
    if (const auto at = authority.rfind('@'); at != authority.npos) {
      out.append(text.substr(0, begin));
      text.remove_prefix(begin + at + 1);
    }
  }
  out.append(text);
}

void append_quoted(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) {
    out.append(", ").append(name).append(": \"");
    append_without_user(out, text);
    out.append("\"");
  }
}

// ", client: 127.0.0.1, server: example.com, request: "GET / HTTP/1.1", upstream: …, host: …"
void append_circumstances(std::string& out, const routing::Facts& facts, std::string_view peer) {
  out.append(", client: ");
  facts.remote().append_address(out);
  out.append(", server: ").append(facts.server_name);
  append_quoted(out, "request", facts.line);
  if (!peer.empty()) {
    out.append(", upstream: \"http://").append(peer);
    out.append(peer.starts_with("unix:") ? ":" : "").append(facts.request_uri).append("\"");
  }
  if (facts.request != nullptr) {
    append_quoted(out, "host", facts.request->headers.value(http::HeaderId::host));
    append_quoted(out, "referrer", facts.request->headers.value(http::HeaderId::referer));
  }
}

// What nginx adds to its words where it knows more.
void append_measure(std::string& out, Trouble trouble, const routing::Facts& facts,
                    std::string_view peer) {
  if (trouble == Trouble::client_gone && !peer.empty()) {
    out.append(", so upstream connection is closed too");
    out.append(facts.status == 0 ? " while reading response header from upstream"
                                 : " while sending to client");
  } else if (trouble == Trouble::body_too_large && facts.request != nullptr &&
             facts.request->body.kind == http::Framing::Kind::length) {
    out.append(": ").append(std::to_string(facts.request->body.length)).append(" bytes");
  }
}

Level level_of(Trouble trouble) {
  switch (verdict(trouble).side) {
    case Side::client:
      return trouble == Trouble::body_too_large ? Level::error : Level::info;
    case Side::peer:
      return Level::error;
    case Side::self:
      return Level::crit;
  }
  return Level::error;
}

std::string_view circumstance_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::connect_failed:
    case Trouble::connect_timed_out:
    case Trouble::no_live_peers:
    case Trouble::bind_failed:
      return " while connecting to upstream";
    case Trouble::send_failed:
    case Trouble::send_timed_out:
      return " while sending request to upstream";
    case Trouble::closed_early:
    case Trouble::read_failed:
    case Trouble::read_timed_out:
    case Trouble::invalid_head:
    case Trouble::head_too_big:
      return " while reading response header from upstream";
    default:
      return "";
  }
}

}  // namespace

void report_failure(const log::ErrorLog& log, const Failure& failure, const routing::Facts& facts,
                    std::string_view peer) {
  const Level level = level_of(failure.trouble);
  if (!log.takes(level)) {
    return;
  }
  std::string text{verdict(failure.trouble).text};
  if (failure.error && failure.error.category() == std::system_category()) {
    text.append(" (").append(std::to_string(failure.error.value())).append(": ");
    text.append(failure.error.message()).append(")");
  } else if (failure.error == net::Errc::timed_out) {
    text.append(" (110: Connection timed out)");
  }
  if (facts.status != 0 && verdict(failure.trouble).side == Side::peer) {
    text.append(" while reading upstream");  // its head had come
  } else {
    text.append(circumstance_of(failure.trouble));
  }
  append_measure(text, failure.trouble, facts, peer);
  if (!failure.detail.empty()) {
    text.append(" (").append(failure.detail).append(")");
  }
  append_circumstances(text, facts, peer);
  log.write(level, text, facts.connection->number);
}

void report_refusal(const log::ErrorLog& log, std::string_view reason,
                    const routing::Facts& facts) {
  if (!log.takes(Level::info)) {
    return;
  }
  std::string text{reason};
  append_circumstances(text, facts, {});
  log.write(Level::info, text, facts.connection->number);
}

void report_notice(const log::ErrorLog& log, log::Level level, std::string_view what,
                   const routing::Facts& facts) {
  if (!log.takes(level)) {
    return;
  }
  std::string text{what};
  append_circumstances(text, facts, {});
  log.write(level, text, facts.connection->number);
}

void report_health(const log::ErrorLog& log, const upstream::Upstream& upstream,
                   const upstream::Endpoint& peer, upstream::HealthChange change,
                   const routing::Facts& facts) {
  const bool rests = change == upstream::HealthChange::rests;
  const Level level = rests ? Level::warn : Level::notice;
  if (!log.takes(level)) {
    return;
  }
  std::string text = rests ? "upstream server temporarily disabled: " : "upstream server is back: ";
  text.append(peer.name).append(" of \"").append(upstream.name()).append("\"");
  append_circumstances(text, facts, peer.name);
  log.write(level, text, facts.connection->number);
}

}  // namespace sluice::proxy
