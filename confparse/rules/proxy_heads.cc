// SPDX-License-Identifier: MIT
// What changes in the heads between client and peer: the proxy_* directives about the request that
// a peer gets and about the headers of its answer.
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "confparse/address.h"
#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

using Match = ValueRewrite::Match;

template <auto Field>
void set_text(Line& line) {
  line.part<ProxySettings>().*Field = line.text_with_variables(0);
}

// `off` stands alone: neither before nor after another rule of the block.
template <class Rules>
bool says_off(Line& line, Rules& rules) {
  const bool first = line.scope().first_use(&rules);
  const bool off = line.size() == 1 && line.word(0) == "off";
  if (!first && (off || rules.empty())) {
    line.fail("\"" + line.name() + "\" directive is duplicate", "\"off\" stands alone in a block");
  }
  if (first) {
    rules.clear();
  }
  return off;
}

Text without_front(Text text, std::size_t size) {
  text.value.erase(0, size);
  if (text.position.length == text.value.size() + size) {  // written plainly
    text.position.column += static_cast<std::uint32_t>(size);
    text.position.length -= static_cast<std::uint32_t>(size);
  }
  return text;
}

// "text", "~regex"; `nocase` also "~*regex".
ValueRewrite read_rewrite(const Line& line, bool nocase) {
  ValueRewrite rule;
  if (line.size() == 1) {
    line.fail_at(0, "invalid parameter \"" + line.word(0) + "\"",
                 "expected \"off\", or what is replaced and by what");
  }
  if (nocase && line.word(0).starts_with("~*")) {
    rule.match = Match::regex_nocase;
    rule.pattern = without_front(line.text(0), 2);
  } else if (line.word(0).starts_with('~')) {
    rule.match = nocase ? Match::regex : Match::regex_nocase;
    rule.pattern = without_front(line.text(0), 1);
  } else {
    rule.pattern = line.text_with_variables(0);
  }
  rule.replacement = line.text_with_variables(1);
  return rule;
}

void check_default_redirect(const Line& line) {
  const Content* content = line.scope().content;
  if (content == nullptr || !content->proxy_pass) {
    line.fail("\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive");
  }
  if (has_variables(content->proxy_pass->value)) {
    line.fail(
        "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables");
  }
}

void set_redirect(Line& line) {
  auto& redirects = line.part<ProxySettings>().redirects;
  if (!redirects) {
    redirects.emplace();
  }
  if (says_off(line, *redirects)) {
    return;
  }
  if (line.size() == 1 && line.word(0) == "default") {
    check_default_redirect(line);
    redirects->push_back({Match::implied, {}, {}});
    return;
  }
  redirects->push_back(read_rewrite(line, true));
}

void set_cookie_domain(Line& line) {
  auto& rules = line.part<ProxySettings>().cookie_domains;
  if (says_off(line, rules)) {
    return;
  }
  ValueRewrite rule = read_rewrite(line, false);
  // A leading dot means nothing (RFC 6265); but what belongs to a regex is taken as it is.
  if (rule.match == Match::text) {
    for (Text* text : {&rule.pattern, &rule.replacement}) {
      if (text->value.starts_with('.')) {
        *text = without_front(*text, 1);
      }
    }
  }
  rules.push_back(std::move(rule));
}

void set_cookie_path(Line& line) {
  auto& rules = line.part<ProxySettings>().cookie_paths;
  if (!says_off(line, rules)) {
    rules.push_back(read_rewrite(line, true));
  }
}

constexpr std::array<std::string_view, 8> kFlags{"secure",        "nosecure",        "httponly",
                                                 "nohttponly",    "samesite=strict", "samesite=lax",
                                                 "samesite=none", "nosamesite"};

void set_cookie_flags(Line& line) {
  auto& rules = line.part<ProxySettings>().cookie_flags;
  if (says_off(line, rules)) {
    return;
  }
  if (line.size() == 1) {
    line.fail_at(0, "invalid parameter \"" + line.word(0) + "\"",
                 "expected \"off\", or a cookie and its flags");
  }
  CookieFlagRule rule;
  rule.is_regex = line.word(0).starts_with('~');
  rule.cookie = rule.is_regex ? without_front(line.text(0), 1) : line.text_with_variables(0);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const auto is_word = [&](std::string_view flag) {
      return equal_ignoring_case(line.word(i), flag);
    };
    if (!has_variables(line.word(i)) && std::ranges::none_of(kFlags, is_word)) {
      line.warn(line.text(i).position, "unknown flag \"" + line.word(i) + "\" has no effect");
    }
    rule.flags.push_back(line.text_with_variables(i));
  }
  rules.push_back(std::move(rule));
}

template <auto Field>
void add_name(Line& line) {
  auto& names = line.part<ProxySettings>().*Field;
  if (line.scope().first_use(&names)) {
    names.clear();
  }
  names.push_back(line.word(0));
}

// Several lines of a block make one list.
void add_early_hints(Line& line) {
  auto& conditions = line.part<ProxySettings>().early_hints;
  if (line.scope().first_use(&conditions)) {
    conditions.clear();
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    conditions.push_back(line.text_with_variables(i));
  }
}

struct Ignorable {
  std::string_view name;
  bool IgnoredHeaders::*field;
};

constexpr std::array kIgnorable{
    Ignorable{"X-Accel-Redirect", &IgnoredHeaders::x_accel_redirect},
    Ignorable{"X-Accel-Expires", &IgnoredHeaders::x_accel_expires},
    Ignorable{"X-Accel-Limit-Rate", &IgnoredHeaders::x_accel_limit_rate},
    Ignorable{"X-Accel-Buffering", &IgnoredHeaders::x_accel_buffering},
    Ignorable{"X-Accel-Charset", &IgnoredHeaders::x_accel_charset},
    Ignorable{"Expires", &IgnoredHeaders::expires},
    Ignorable{"Cache-Control", &IgnoredHeaders::cache_control},
    Ignorable{"Set-Cookie", &IgnoredHeaders::set_cookie},
    Ignorable{"Vary", &IgnoredHeaders::vary},
};

constexpr auto kIgnorableNames = [] {
  std::array<std::string_view, kIgnorable.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = kIgnorable[i].name;
  }
  return names;
}();

// Several lines of a block make one list.
void set_ignore_headers(Line& line) {
  IgnoredHeaders& ignored = line.part<ProxySettings>().ignored_headers;
  if (line.scope().first_use(&ignored)) {
    ignored = {};
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    bool& field = ignored.*kIgnorable[line.choice(i, kIgnorableNames)].field;
    if (field) {
      line.warn(line.text(i).position, "duplicate value \"" + line.word(i) + "\"");
    }
    field = true;
  }
}

// An IP address, with a port or without.
bool is_local_address(const std::string& word) {
  const ParsedPeer parsed = parse_peer(word, false);
  if (!parsed.complaint.empty() || parsed.address.is_unix) {
    return false;
  }
  std::string host = parsed.address.host;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    return ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
  }
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1;
}

void set_bind(Line& line) {
  auto& bind = line.part<ProxySettings>().bind;
  if (line.size() == 1 && line.word(0) == "off") {
    bind.reset();
    return;
  }
  if (!has_variables(line.word(0)) && !is_local_address(line.word(0))) {
    line.fail_at(0, "invalid address \"" + line.word(0) + "\"",
                 "expected an IP address of this machine, \"off\", or a variable");
  }
  bind = LocalAddress{line.text_with_variables(0), line.size() > 1};
  if (line.size() > 1 && line.word(1) != "transparent") {
    constexpr std::array<std::string_view, 1> kParameters{"transparent"};
    line.invalid_parameter(1, kParameters);
  }
}

constexpr std::array kRules{
    Rule{"proxy_method", kAnyHttp, takes(1), set_text<&ProxySettings::method>},
    Rule{"proxy_set_body", kAnyHttp, takes(1), set_text<&ProxySettings::body>},
    Rule{"proxy_pass_request_headers", kAnyHttp, takes(1),
         flag<&ProxySettings::pass_request_headers>},
    Rule{"proxy_pass_request_body", kAnyHttp, takes(1), flag<&ProxySettings::pass_request_body>},
    Rule{"proxy_bind", kAnyHttp, takes(1, 2), set_bind},
    Rule{"proxy_socket_keepalive", kAnyHttp, takes(1), flag<&ProxySettings::socket_keepalive>},
    without_effect("proxy_send_lowat", kAnyHttp, takes(1), checked_size),
    Rule{"proxy_redirect", kAnyHttp, takes(1, 2), set_redirect, kRepeats, "default"},
    Rule{"proxy_cookie_domain", kAnyHttp, takes(1, 2), set_cookie_domain, kRepeats, "off"},
    Rule{"proxy_cookie_path", kAnyHttp, takes(1, 2), set_cookie_path, kRepeats, "off"},
    Rule{"proxy_cookie_flags", kAnyHttp, takes(1, 4), set_cookie_flags, kRepeats, "off"},
    Rule{"proxy_hide_header", kAnyHttp, takes(1), add_name<&ProxySettings::hide_headers>, kRepeats},
    Rule{"proxy_pass_header", kAnyHttp, takes(1), add_name<&ProxySettings::pass_headers>, kRepeats},
    Rule{"early_hints", kAnyHttp, takes(1, kAnyNumber), add_early_hints, kRepeats},
    Rule{"proxy_pass_trailers", kAnyHttp, takes(1), flag<&ProxySettings::pass_trailers>},
    Rule{"proxy_force_ranges", kAnyHttp, takes(1), flag<&ProxySettings::force_ranges>},
    Rule{"proxy_ignore_headers", kAnyHttp, takes(1, kAnyNumber), set_ignore_headers, kRepeats},
};

}  // namespace

std::span<const Rule> proxy_head_rules() {
  return kRules;
}

}  // namespace sluice::confparse
