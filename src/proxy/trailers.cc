// SPDX-License-Identifier: MIT
#include "proxy/trailers.h"

#include <algorithm>
#include <array>

#include "http/field_names.h"
#include "http/writer.h"

namespace sluice::proxy {
namespace {

using http::HeaderId;

// Framing, routing, authentication, control of caches, what the content is: whoever reads an
// answer must know these before (RFC 9110, section 6.5.1), and what comes late could contradict.
constexpr std::array kNeverById{
    HeaderId::authorization,
    HeaderId::cache_control,
    HeaderId::connection,
    HeaderId::content_encoding,
    HeaderId::content_length,
    HeaderId::content_range,
    HeaderId::content_type,
    HeaderId::cookie,
    HeaderId::date,
    HeaderId::expires,
    HeaderId::host,
    HeaderId::keep_alive,
    HeaderId::location,
    HeaderId::proxy_connection,
    HeaderId::refresh,
    HeaderId::server,
    HeaderId::set_cookie,
    HeaderId::te,
    HeaderId::trailer,
    HeaderId::transfer_encoding,
    HeaderId::upgrade,
    HeaderId::vary,
    HeaderId::www_authenticate,
};
constexpr std::array<std::string_view, 7> kNeverByName{
    "Age",         "Max-Forwards", "Pragma", "Proxy-Authenticate", "Proxy-Authorization",
    "Retry-After", "Warning",
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool may_pass(std::string_view name, const AnswerRules& rules) {
  const HeaderId id = http::header_id(name);
  if (id != HeaderId::other) {
    return std::ranges::find(kNeverById, id) == kNeverById.end() &&
           rules.fate(id) == AnswerRules::Fate::pass;
  }
  return !rules.hides(name) && std::ranges::none_of(kNeverByName, [&](std::string_view never) {
    return http::same_token(never, name);
  });
}

}  // namespace

bool takes_trailers(const http::RequestHead& request) {
  for (const http::Header& header : request.headers) {
    std::string_view codings = header.id == HeaderId::te ? header.value : std::string_view{};
    while (!codings.empty()) {
      const std::size_t comma = std::min(codings.find(','), codings.size());
      if (http::same_token(trimmed(codings.substr(0, comma)), "trailers")) {
        return true;
      }
      codings.remove_prefix(std::min(comma + 1, codings.size()));
    }
  }
  return false;
}

void append_trailers(std::string& out, std::string_view section, const AnswerRules& rules) {
  while (!section.empty()) {
    const std::size_t end = std::min(section.find("\r\n"), section.size());
    const std::string_view line = section.substr(0, end);
    section.remove_prefix(std::min(end + 2, section.size()));
    http::FieldName field;
    const http::FieldLine kind = http::field_line(line, field);
    if (kind == http::FieldLine::odd || kind == http::FieldLine::invalid) {
      continue;
    }
    const std::string_view name = line.substr(0, field.size);
    if (may_pass(name, rules)) {
      http::append_header(out, name, trimmed(line.substr(field.size + 1)));
    }
  }
}

void append_announced_trailers(std::string& out, const http::AnswerHead& answer) {
  for (const http::Header& header : answer.headers) {
    if (header.id == HeaderId::trailer) {
      http::append_header(out, header.name, header.value);
    }
  }
}

}  // namespace sluice::proxy
