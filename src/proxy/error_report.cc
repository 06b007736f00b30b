// SPDX-License-Identifier: MIT
#include "proxy/error_report.h"

#include <array>
#include <ctime>
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

constexpr std::uint16_t kSwitchingProtocols = 101;

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

void append_trouble(std::string& out, const Failure& failure) {
  out.append(verdict(failure.trouble).text);
  if (failure.error && failure.error.category() == std::system_category()) {
    out.append(" (").append(std::to_string(failure.error.value())).append(": ");
    out.append(failure.error.message()).append(")");
  } else if (failure.error == net::Errc::timed_out) {
    out.append(" (110: Connection timed out)");
  }
}

void append_failures(std::string& out, std::uint32_t fails) {
  out.append(", after ").append(std::to_string(fails));
  out.append(fails == 1 ? " failure: " : " failures, the last: ");
}

// As the log writes times.
void append_time(std::string& out, std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  out.append(text.data(), std::strftime(text.data(), text.size(), "%Y/%m/%d %H:%M:%S", &parts));
}

}  // namespace

void report_failure(const log::ErrorLog& log, const Failure& failure, const routing::Facts& facts,
                    std::string_view peer) {
  const bool is_tunnel = facts.status == kSwitchingProtocols;
  // That nobody has anything to say to each other is how most WebSockets end.
  const bool was_idle = is_tunnel && failure.trouble == Trouble::read_timed_out;
  const Level level = was_idle ? Level::info : level_of(failure.trouble);
  if (!log.takes(level)) {
    return;
  }
  std::string text;
  append_trouble(text, failure);
  if (is_tunnel && verdict(failure.trouble).side == Side::peer) {
    text.append(" while proxying upgraded connection");
  } else if (facts.status != 0 && verdict(failure.trouble).side == Side::peer) {
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

// "upstream server temporarily disabled: 10.0.0.1:80 of "app" for 10s, after 1 failure: connect()
// failed (111: …)", "upstream server is back: 10.0.0.1:80 of "app", disabled since … (12s)".
void report_health(const log::ErrorLog& log, const Health& health, const routing::Facts& facts) {
  const bool rests = health.change == upstream::HealthChange::rests;
  const Level level = rests ? Level::warn : Level::notice;
  if (!log.takes(level)) {
    return;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now() - health.since);
  const bool again = rests && seconds > health.change.fail_timeout;
  std::string text = rests ? "upstream server temporarily disabled: " : "upstream server is back: ";
  text.append(health.peer).append(" of \"").append(health.upstream).append("\"");
  if (rests) {
    text.append(" for ").append(std::to_string(health.change.fail_timeout.count())).append("s");
    append_failures(text, health.change.fails);
    if (health.failure) {
      append_trouble(text, health.failure);
    } else {
      text.append("status ").append(std::to_string(health.status));
    }
  }
  if (again || !rests) {
    text.append(rests ? "; disabled since " : ", disabled since ");
    append_time(text, health.since);
    text.append(" (").append(std::to_string(seconds.count())).append("s)");
  }
  append_circumstances(text, facts, health.peer);
  log.write(level, text, facts.connection->number);
}

}  // namespace sluice::proxy
