// SPDX-License-Identifier: MIT
#include "proxy/error_report.h"

#include <string>

#include "net/error.h"

namespace sluice::proxy {
namespace {

using log::Level;

// ", client: 127.0.0.1, server: example.com, request: "GET / HTTP/1.1", upstream: …, host: …"
void append_circumstances(std::string& out, const routing::Facts& facts, std::string_view peer) {
  out.append(", client: ");
  facts.connection->remote.append_address(out);
  out.append(", server: ").append(facts.server_name);
  if (!facts.line.empty()) {
    out.append(", request: \"").append(facts.line).append("\"");
  }
  if (!peer.empty()) {
    out.append(", upstream: \"http://").append(peer).append(facts.request_uri).append("\"");
  }
  if (facts.request != nullptr) {
    const std::string_view host = facts.request->headers.value(http::HeaderId::host);
    if (!host.empty()) {
      out.append(", host: \"").append(host).append("\"");
    }
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
