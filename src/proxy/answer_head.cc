// SPDX-License-Identifier: MIT
#include "proxy/answer_head.h"

#include <algorithm>

#include "http/writer.h"
#include "proxy/origin.h"
#include "proxy/trailers.h"

namespace sluice::proxy {
namespace {

using http::append_header;
using http::HeaderId;
using Fate = AnswerRules::Fate;

constexpr std::uint16_t kSwitchingProtocols = 101;
constexpr std::uint16_t kUpgradeRequired = 426;

// Ours, unless the configuration passes the peer's: then there is none when the peer has none.
void append_unless_passed(std::string& out, const AnswerRules& rules, HeaderId id,
                          std::string_view name, std::string_view value) {
  if (rules.fate(id) == Fate::drop) {
    append_header(out, name, value);
  }
}

void append_length_or_chunked(std::string& out, const http::AnswerHead& answer,
                              const BodyPlan& body) {
  if (body.kind != BodyPlan::Kind::none) {
    append_framing(out, body);
  } else if (const http::Header* length = answer.headers.find(HeaderId::content_length)) {
    append_header(out, "Content-Length", length->value);  // HEAD, 304: what it would have been
  }
}

// A redirect to the peer becomes one to here; one that needs no change stays, relative or not.
void append_location(std::string& out, std::string_view value, const Location& location,
                     const routing::Facts& facts) {
  out.append("Location: ");
  const std::size_t begin = out.size();
  if (!append_rewritten(out, value, location.proxy->answer.redirects, facts)) {
    out.append(value);
  } else if (location.settings->core.absolute_redirect && out.size() > begin && out[begin] == '/') {
    out.resize(begin);
    append_origin(out, *location.settings, facts);
    append_rewritten(out, value, location.proxy->answer.redirects, facts);
  }
  out.append("\r\n");
}

// "5; url=http://peer/": what stands behind `url=` is a redirect like any other.
void append_refresh(std::string& out, std::string_view value, const AnswerRules& rules,
                    const routing::Facts& facts) {
  constexpr std::string_view kUrl = "url=";
  const auto is_same = [](char one, char other) {
    return http::same_token({&one, 1}, {&other, 1});
  };
  const auto found = std::search(value.begin(), value.end(), kUrl.begin(), kUrl.end(), is_same);
  const bool has_url = found != value.end();
  const std::size_t size =
      has_url ? static_cast<std::size_t>(found - value.begin()) + kUrl.size() : value.size();
  out.append("Refresh: ").append(value.substr(0, size));
  const std::string_view url = value.substr(size);
  if (!has_url || !append_rewritten(out, url, rules.redirects, facts)) {
    out.append(url);
  }
  out.append("\r\n");
}

}  // namespace

void append_passed_header(std::string& out, const http::Header& header, std::uint16_t status,
                          const Location& location, const routing::Facts& facts) {
  const AnswerRules& rules = location.proxy->answer;
  switch (rules.fate(header.id)) {
    case Fate::pass:
      if (header.id != HeaderId::other || !rules.hides(header.name)) {
        append_header(out, header.name, header.value);
      }
      break;
    case Fate::upgrade:
      if (status == kSwitchingProtocols || status == kUpgradeRequired) {
        append_header(out, header.name, header.value);
      }
      break;
    case Fate::location:
      append_location(out, header.value, location, facts);
      break;
    case Fate::refresh:
      append_refresh(out, header.value, rules, facts);
      break;
    case Fate::cookie:
      out.append("Set-Cookie: ");
      append_cookie(out, header.value, rules.cookies, facts);
      out.append("\r\n");
      break;
    case Fate::drop:
    case Fate::first:
      break;
  }
}

void append_answer_head(std::string& out, const http::AnswerHead& answer, const AnswerFrame& frame,
                        const Location& location, const routing::Facts& facts) {
  const AnswerRules& rules = location.proxy->answer;
  const std::size_t begin = out.size();
  constexpr std::uint16_t kPartial = 206;
  out.append("HTTP/1.1 ")
      .append(frame.ranges.content_range.empty() ? answer.status_line : http::status_line(kPartial))
      .append("\r\n");
  append_unless_passed(out, rules, HeaderId::server, "Server", frame.server);
  append_unless_passed(out, rules, HeaderId::date, "Date", frame.date);
  if (rules.fate(HeaderId::content_type) == Fate::first) {
    if (const http::Header* type = answer.headers.find(HeaderId::content_type)) {
      append_header(out, "Content-Type", type->value);
    }
  }
  append_length_or_chunked(out, answer, frame.body);
  if (answer.status == kSwitchingProtocols) {
    append_header(out, "Connection", "upgrade");
  } else {
    append_connection(out, frame.connection);
  }
  if (frame.trailers) {
    append_announced_trailers(out, answer);
  }
  out.append(frame.carried);
  if (location.added.empty()) {
    out.append(frame.carried_caching);
    for (const http::Header& header : answer.headers) {
      append_passed_header(out, header, answer.status, location, facts);
    }
  } else {
    const AddedHeaders::Replaced replaced = location.added.replaced(answer.status, facts);
    out.append(replaced.cache_control ? std::string_view{} : frame.carried_caching);
    for (const http::Header& header : answer.headers) {
      if (!replaced.has(header.id)) {
        append_passed_header(out, header, answer.status, location, facts);
      }
    }
    location.added.append_to(out, begin, answer.status,
                             answer.headers.value(HeaderId::last_modified), facts);
  }
  append_range_headers(out, frame.ranges);
  out.append("\r\n");
}

}  // namespace sluice::proxy
