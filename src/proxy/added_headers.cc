// SPDX-License-Identifier: MIT
#include "proxy/added_headers.h"

#include "http/date.h"
#include "http/writer.h"
#include "proxy/heads.h"

namespace sluice::proxy {
namespace {

using http::append_header;
using http::HeaderId;
using Kind = confparse::ExpiresSetting::Kind;

// Headers without `always`, and `expires`, are for these.
bool is_fine(std::uint16_t status) {
  switch (status) {
    case 200:
    case 201:
    case 204:
    case 206:
    case 301:
    case 302:
    case 303:
    case 304:
    case 307:
    case 308:
      return true;
    default:
      return false;
  }
}

constexpr std::time_t kLastExpiry = 2145916555;  // Thu, 31 Dec 2037 23:55:55 GMT
constexpr std::int64_t kTenYears = 315'360'000;

// The next time the clock shows this, in local time.
std::time_t next_time_of_day(std::time_t now, std::chrono::seconds time) {
  std::tm local{};
  ::localtime_r(&now, &local);
  const auto seconds = static_cast<int>(time.count());
  local.tm_hour = seconds / 3600;
  local.tm_min = seconds / 60 % 60;
  local.tm_sec = seconds % 60;
  std::time_t next = std::mktime(&local);
  if (next <= now) {
    ++local.tm_mday;
    next = std::mktime(&local);
  }
  return next;
}

void append_times(std::string& out, std::time_t expires, std::int64_t max_age, bool cacheable) {
  out.append("Expires: ");
  http::append_http_date(out, expires);
  if (!cacheable || max_age < 0) {
    out.append("\r\nCache-Control: no-cache\r\n");
    return;
  }
  out.append("\r\nCache-Control: max-age=");
  http::append_number(out, static_cast<std::uint64_t>(max_age));
  out.append("\r\n");
}

}  // namespace

AddedHeaders::AddedHeaders(const confparse::HeaderSettings& settings,
                           const routing::VariableTable& variables) {
  for (const confparse::AddedHeader& header : settings.headers.effective()) {
    headers_.push_back({header.name, http::header_id(header.name),
                        routing::Template(header.value, variables), header.always});
  }
  expires_.setting = settings.expires;
  if (settings.expires.kind == Kind::variable) {
    expires_.text = routing::Template(settings.expires.text, variables);
  }
}

confparse::ExpiresSetting AddedHeaders::Expires::now(const routing::Facts& facts) const {
  if (setting.kind != Kind::variable) {
    return setting;
  }
  thread_local std::string storage;
  confparse::ReadExpires read =
      confparse::read_expires(text.expand(facts, storage), setting.text_is_modified);
  if (!read.complaint.empty()) {
    return {};  // as in nginx: what makes no sense is `off`
  }
  return read.setting;
}

bool AddedHeaders::Replaced::has(HeaderId id) const {
  switch (id) {
    case HeaderId::last_modified:
      return last_modified;
    case HeaderId::etag:
      return etag;
    case HeaderId::cache_control:
    case HeaderId::expires:
      return cache_control;
    default:
      return false;
  }
}

AddedHeaders::Replaced AddedHeaders::replaced(std::uint16_t status,
                                              const routing::Facts& facts) const {
  Replaced replaced;
  const bool fine = is_fine(status);
  for (const Added& header : headers_) {
    if (fine || header.always) {
      replaced.last_modified = replaced.last_modified || header.id == HeaderId::last_modified;
      replaced.etag = replaced.etag || header.id == HeaderId::etag;
    }
  }
  replaced.cache_control = fine && expires_.may_apply() && expires_.now(facts).kind != Kind::off;
  return replaced;
}

void AddedHeaders::append_to(std::string& out, std::size_t begin, std::uint16_t status,
                             std::string_view last_modified, const routing::Facts& facts) const {
  const bool fine = is_fine(status);
  if (fine && expires_.may_apply()) {
    append_expires(out, last_modified, facts);
  }
  for (const Added& header : headers_) {
    if (!fine && !header.always) {
      continue;
    }
    if (header.value.constant()) {
      if (!header.value.text().empty()) {
        append_header(out, header.name, header.value.text());
      }
      continue;
    }
    thread_local std::string value;
    value.clear();
    routing::Facts seen = facts;
    seen.sent_head = std::string_view(out).substr(begin);
    header.value.append_to(value, seen);
    facts.request_id = seen.request_id;  // one for the whole exchange, whoever asks first
    keep_on_one_line(value, 0);
    if (!value.empty()) {
      append_header(out, header.name, value);
    }
  }
}

void AddedHeaders::append_expires(std::string& out, std::string_view last_modified,
                                  const routing::Facts& facts) const {
  const confparse::ExpiresSetting setting = expires_.now(facts);
  const std::time_t now = std::chrono::system_clock::to_time_t(facts.now);
  const std::int64_t time = setting.time.count();
  switch (setting.kind) {
    case Kind::off:
    case Kind::variable:
      break;
    case Kind::epoch:
      append_times(out, 1, 0, false);
      break;
    case Kind::max:
      append_times(out, kLastExpiry, kTenYears, true);
      break;
    case Kind::daily: {
      const std::time_t next = next_time_of_day(now, setting.time);
      append_times(out, next, next - now, true);
      break;
    }
    case Kind::modified:
      if (const std::time_t then = http::parse_http_date(last_modified); then != -1 && time != 0) {
        append_times(out, then + time, then + time - now, time >= 0);
        break;
      }
      [[fallthrough]];
    case Kind::access:
      append_times(out, now + time, time, time >= 0);
      break;
  }
}

}  // namespace sluice::proxy
