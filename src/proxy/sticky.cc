// SPDX-License-Identifier: MIT
#include "proxy/sticky.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "confparse/error.h"
#include "confparse/values.h"
#include "http/date.h"
#include "proxy/heads.h"

namespace sluice::proxy {
namespace {

using Kind = confparse::StickySettings::Kind;

// As nginx writes `expires=max`.
constexpr std::string_view kNever = "; expires=Thu, 31-Dec-37 23:55:55 GMT; max-age=315360000";

std::vector<routing::Variable> find_all(const std::vector<confparse::Text>& names,
                                        const routing::VariableTable& variables) {
  std::vector<routing::Variable> found;
  for (const confparse::Text& name : names) {
    auto variable = variables.find(name.value);
    if (!variable) {
      const std::string nearest(variables.nearest(name.value));
      throw confparse::ConfigError(name.position, "unknown \"" + name.value + "\" variable",
                                   nearest.empty() ? "" : "did you mean \"$" + nearest + "\"?");
    }
    found.push_back(std::move(*variable));
  }
  return found;
}

// Overwrites `value` with the first that is not empty.
bool read_first(const std::vector<routing::Variable>& variables, const routing::Facts& facts,
                std::string& value) {
  value.clear();
  for (const routing::Variable& variable : variables) {
    variable.append(value, facts, variable);
    if (!value.empty()) {
      return true;
    }
  }
  return false;
}

bool is_same_site(std::string_view value) {
  constexpr std::array<std::string_view, 3> kValues{"strict", "lax", "none"};
  return std::ranges::any_of(
      kValues, [&](std::string_view one) { return confparse::equal_ignoring_case(one, value); });
}

// A domain made of what the client sent is a name or it is nothing: a ";" would write an attribute
// of its own.  What stands in the configuration was looked at when it was loaded.
bool is_cookie_domain(std::string_view domain) {
  return !domain.empty() && std::ranges::none_of(domain, [](unsigned char byte) {
    return byte <= ' ' || byte == ';' || byte == ',' || byte == '"' || byte == 0x7f;
  });
}

// The dashes are of Netscape's times, which nginx writes in cookies: "Thu, 31-Dec-37 23:55:55 GMT",
// with four digits from 2038 on.
void append_cookie_time(std::string& out, std::time_t time) {
  const std::string date = http::format_http_date(time);  // "Thu, 31 Dec 2037 23:55:55 GMT"
  constexpr std::time_t kFourDigits = 2145916800;         // 2038
  out.append(date, 0, 7).append("-").append(date, 8, 3).append("-");
  out.append(date, time >= kFourDigits ? 12 : 14, time >= kFourDigits ? 4 : 2);
  out.append(date, 16);
}

}  // namespace

Sticky::Sticky(const confparse::StickySettings& settings, const routing::VariableTable& variables)
    : settings_(settings),
      lookup_(find_all(settings.lookup, variables)),
      create_(find_all(settings.create, variables)),
      domain_(settings.domain, variables),
      same_site_(settings.same_site, variables) {}

std::string_view Sticky::find_route(const routing::Facts& facts, upstream::Upstream& upstream,
                                    std::string& storage) const {
  if (!read_first(lookup_, facts, storage)) {
    return {};
  }
  if (settings_.kind != Kind::learn) {
    return storage;
  }
  const std::string session = storage;
  return upstream.sessions()->find(session, facts.steady_now, storage) ? std::string_view(storage)
                                                                       : std::string_view{};
}

void Sticky::append_cookie(std::string& out, const upstream::Endpoint& peer,
                           const routing::Facts& facts) const {
  if (settings_.kind != Kind::cookie) {
    return;
  }
  out.append("Set-Cookie: ");
  const std::size_t begin = out.size();
  out.append(settings_.cookie).append("=").append(peer.route);
  if (settings_.expires_never) {
    out.append(kNever);
  } else if (settings_.expires) {
    out.append("; expires=");
    append_cookie_time(out, std::chrono::system_clock::to_time_t(facts.now + *settings_.expires));
    out.append("; max-age=").append(std::to_string(settings_.expires->count()));
  }
  std::string storage;
  if (const std::string_view domain = domain_.expand(facts, storage); is_cookie_domain(domain)) {
    out.append("; domain=").append(domain);
  }
  out.append(settings_.http_only ? "; httponly" : "").append(settings_.secure ? "; secure" : "");
  if (const std::string_view value = same_site_.expand(facts, storage); !value.empty()) {
    out.append("; samesite=").append(is_same_site(value) ? value : "strict");
  }
  if (!settings_.path.empty()) {
    out.append("; path=").append(settings_.path);
  }
  keep_on_one_line(out, begin);
  out.append("\r\n");
}

void Sticky::learn(const routing::Facts& facts, upstream::Upstream& upstream,
                   const upstream::Endpoint& peer) const {
  if (settings_.kind != Kind::learn) {
    return;
  }
  std::string session;
  const bool create = read_first(create_, facts, session);
  if (create || read_first(lookup_, facts, session)) {
    upstream.sessions()->note(session, peer.route, create, facts.steady_now);
  }
}

std::shared_ptr<const Sticky> make_sticky(const upstream::Upstream& upstream,
                                          const routing::VariableTable& variables) {
  const confparse::StickySettings& settings = upstream.settings().sticky;
  if (settings.kind == Kind::none) {
    return nullptr;
  }
  return std::make_shared<Sticky>(settings, variables);
}

}  // namespace sluice::proxy
