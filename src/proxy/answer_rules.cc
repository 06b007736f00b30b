// SPDX-License-Identifier: MIT
#include "proxy/answer_rules.h"

#include <algorithm>
#include <charconv>

namespace sluice::proxy {
namespace {

using Fate = AnswerRules::Fate;
using http::HeaderId;

// Hidden unless proxy_pass_header says otherwise.
constexpr std::array<std::string_view, 8> kHidden{"Date",
                                                  "Server",
                                                  "X-Pad",
                                                  "X-Accel-Expires",
                                                  "X-Accel-Redirect",
                                                  "X-Accel-Limit-Rate",
                                                  "X-Accel-Buffering",
                                                  "X-Accel-Charset"};

// About the peer's connection, or about framing: whatever the configuration says.
constexpr std::array kOurs{
    HeaderId::connection,     HeaderId::keep_alive,       HeaderId::transfer_encoding,
    HeaderId::content_length, HeaderId::proxy_connection, HeaderId::te,
    HeaderId::trailer};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(
      names, [&](const std::string& other) { return http::same_token(other, name); });
}

void hide(AnswerRules& rules, std::string_view name, const std::vector<std::string>& passed) {
  if (contains(passed, name)) {
    return;
  }
  const HeaderId id = http::header_id(name);
  if (id == HeaderId::other) {
    rules.hidden.emplace_back(name);
  } else {
    rules.fates[static_cast<std::size_t>(id)] = Fate::drop;
  }
}

void compile(std::vector<Rewrite>& into, const std::vector<confparse::ValueRewrite>& rules,
             Rewrite::Compare compare, routing::VariableTable& variables) {
  for (const confparse::ValueRewrite& rule : rules) {
    into.emplace_back(rule, compare, variables);
  }
}

void compile_redirects(AnswerRules& rules, const confparse::ProxySettings& settings,
                       const std::optional<confparse::ValueRewrite>& implied,
                       routing::VariableTable& variables) {
  using Match = confparse::ValueRewrite::Match;
  const auto add_implied = [&] {
    if (implied) {
      rules.redirects.emplace_back(*implied, Rewrite::Compare::prefix, variables);
    }
  };
  if (!settings.redirects) {
    add_implied();
    return;
  }
  for (const confparse::ValueRewrite& rule : *settings.redirects) {
    if (rule.match == Match::implied) {
      add_implied();
    } else {
      rules.redirects.emplace_back(rule, Rewrite::Compare::prefix, variables);
    }
  }
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

bool AnswerRules::hides(std::string_view name) const {
  return contains(hidden, name);
}

AnswerRules make_answer_rules(const confparse::ProxySettings& settings,
                              const std::optional<confparse::ValueRewrite>& implied,
                              routing::VariableTable& variables) {
  AnswerRules rules;
  rules.ignored = settings.ignored_headers;
  rules.passes_trailers = settings.pass_trailers;
  rules.forces_ranges = settings.force_ranges;
  compile_redirects(rules, settings, implied, variables);
  compile(rules.cookies.domains, settings.cookie_domains, Rewrite::Compare::domain, variables);
  compile(rules.cookies.paths, settings.cookie_paths, Rewrite::Compare::prefix, variables);
  for (const confparse::CookieFlagRule& rule : settings.cookie_flags) {
    rules.cookies.flags.emplace_back(rule, variables);
  }

  const auto set = [&](HeaderId id, Fate fate) {
    rules.fates[static_cast<std::size_t>(id)] = fate;
  };
  set(HeaderId::content_type, Fate::first);
  set(HeaderId::upgrade, Fate::upgrade);
  if (!rules.redirects.empty()) {
    set(HeaderId::location, Fate::location);
    set(HeaderId::refresh, Fate::refresh);
  }
  if (!rules.cookies.empty()) {
    set(HeaderId::set_cookie, Fate::cookie);
  }
  for (const std::string_view name : kHidden) {
    hide(rules, name, settings.pass_headers);
  }
  for (const std::string& name : settings.hide_headers) {
    hide(rules, name, settings.pass_headers);
  }
  if (rules.forces_ranges) {
    rules.hidden.emplace_back("Accept-Ranges");  // it is we who do
  }
  for (const HeaderId id : kOurs) {
    set(id, Fate::drop);
  }
  return rules;
}

PeerWishes wishes_of(const http::AnswerHead& answer, const AnswerRules& rules) {
  PeerWishes wishes;
  for (const http::Header& header : answer.headers) {
    if (header.id == HeaderId::x_accel_buffering && !rules.ignored.x_accel_buffering) {
      if (http::same_token(header.value, "yes")) {
        wishes.buffering = true;
      } else if (http::same_token(header.value, "no")) {
        wishes.buffering = false;
      }
    } else if (header.id == HeaderId::x_accel_limit_rate && !rules.ignored.x_accel_limit_rate) {
      wishes.limit_rate = number_in(header.value);
    } else if (header.id == HeaderId::x_accel_redirect && !rules.ignored.x_accel_redirect) {
      wishes.redirect = header.value;
    }
  }
  return wishes;
}

}  // namespace sluice::proxy
