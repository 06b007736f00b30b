// SPDX-License-Identifier: MIT
#include "confparse/rules/sticky.h"

#include <algorithm>
#include <array>
#include <string>

#include "confparse/settings/upstream.h"
#include "confparse/suggest.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

using Kind = StickySettings::Kind;

constexpr std::array<std::string_view, 3> kKinds{"cookie", "route", "learn"};
constexpr std::array<std::string_view, 3> kSameSite{"strict", "lax", "none"};
constexpr std::array<std::string_view, 6> kCookieParameters{
    "expires=", "domain=", "path=", "samesite=", "secure", "httponly"};
constexpr std::array<std::string_view, 5> kLearnParameters{
    "create=", "lookup=", "zone=", "timeout=", "header"};

// A word of the line, as "key=value" or alone.
struct Parameter {
  const Line& line;
  std::size_t index;
  std::string_view key;    // "path=", "secure"
  std::string_view value;  // behind the '='

  [[noreturn]] void fail(const std::string& what, const std::string& advice = {}) const {
    line.fail_at(index, "\"sticky\" directive " + what, advice);
  }
  [[noreturn]] void fail_unknown(std::span<const std::string_view> known) const {
    line.fail_at(index, "unknown parameter \"" + line.word(index) + "\"",
                 expected_one_of(line.word(index), known));
  }
  // Each may stand there once.
  void once(bool is_set, std::string_view name) const {
    if (is_set) {
      fail("parameter \"" + std::string(name) + "\" is duplicate");
    }
  }
  [[nodiscard]] Text text() const { return {std::string(value), line.text(index).position}; }
};

Parameter parameter_at(const Line& line, std::size_t i) {
  const std::string_view word = line.word(i);
  const std::size_t size = word.find('=') == word.npos ? word.size() : word.find('=') + 1;
  return {line, i, word.substr(0, size), word.substr(size)};
}

// The name of "$name".
Text variable_of(const Parameter& parameter, std::string_view text) {
  return {std::string(text.substr(1)), parameter.line.text(parameter.index).position};
}

void set_expires(const Parameter& parameter, StickySettings& sticky) {
  parameter.once(sticky.expires || sticky.expires_never, "expires");
  if (parameter.value == "max") {
    sticky.expires_never = true;
    return;
  }
  sticky.expires = parse_seconds(parameter.value);
  if (!sticky.expires) {
    parameter.fail("invalid \"expires\" parameter value",
                   "expected a time, as in \"1h\", or \"max\"");
  }
}

// A cookie's name is a token: RFC 6265, 4.1.1.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return std::ranges::all_of(text, [&](char c) {
    const char lower = lower_case(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

// An attribute of a cookie ends at a semicolon, a header at the end of its line.
bool ends_attribute(char c) {
  return c == ';' || static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

// "domain=" and "path=" have to have a value that stays theirs.
std::string_view value_of(const Parameter& parameter, bool is_set) {
  const std::string name(parameter.key.substr(0, parameter.key.size() - 1));
  parameter.once(is_set, name);
  if (parameter.value.empty()) {
    parameter.fail("no value for \"" + name + "\"");
  }
  if (std::ranges::any_of(parameter.value, ends_attribute)) {
    parameter.fail("invalid \"" + name + "\" parameter value",
                   "no \";\" and no control characters: they would end it in the cookie");
  }
  return parameter.value;
}

void check_text(const Parameter& parameter) {
  if (const std::string complaint = variable_complaint(parameter.value); !complaint.empty()) {
    parameter.line.fail_at(parameter.index, complaint,
                           "a variable is written \"$name\" or \"${name}\"");
  }
}

void set_same_site(const Parameter& parameter, StickySettings& sticky) {
  parameter.once(!sticky.same_site.value.empty(), "samesite");
  check_text(parameter);
  const bool known = std::ranges::any_of(kSameSite, [&](std::string_view value) {
    return equal_ignoring_case(value, parameter.value);
  });
  if (!known && !has_variables(parameter.value)) {
    parameter.fail("invalid \"samesite\" parameter value",
                   expected_one_of(parameter.value, kSameSite));
  }
  sticky.same_site = parameter.text();
}

void set_cookie_parameter(const Parameter& parameter, StickySettings& sticky) {
  if (parameter.key == "expires=") {
    set_expires(parameter, sticky);
  } else if (parameter.key == "domain=") {
    value_of(parameter, !sticky.domain.value.empty());
    check_text(parameter);
    sticky.domain = parameter.text();
  } else if (parameter.key == "path=") {
    sticky.path = value_of(parameter, !sticky.path.empty());
  } else if (parameter.key == "samesite=") {
    set_same_site(parameter, sticky);
  } else if (parameter.key == "httponly") {
    parameter.once(sticky.http_only, "httponly");
    sticky.http_only = true;
  } else if (parameter.key == "secure") {
    parameter.once(sticky.secure, "secure");
    sticky.secure = true;
  } else {
    parameter.fail_unknown(kCookieParameters);
  }
}

void set_cookie(const Line& line, StickySettings& sticky) {
  sticky.cookie = line.word(1);
  if (sticky.cookie.empty()) {
    parameter_at(line, 1).fail("empty cookie name");
  }
  if (!is_token(sticky.cookie)) {
    parameter_at(line, 1).fail("invalid cookie name \"" + sticky.cookie + "\"",
                               "letters, digits and !#$%&'*+-.^_`|~");
  }
  sticky.lookup.push_back({"cookie_" + sticky.cookie, line.text(1).position});
  for (std::size_t i = 2; i < line.size(); ++i) {
    set_cookie_parameter(parameter_at(line, i), sticky);
  }
}

void set_route(const Line& line, StickySettings& sticky) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (!line.word(i).starts_with('$') || line.word(i).size() < 2) {
      line.fail_at(i, "invalid variable name \"" + line.word(i) + "\"",
                   "a variable is written \"$name\"");
    }
    sticky.lookup.push_back(variable_of(parameter_at(line, i), line.word(i)));
  }
}

// "zone=name:size"
void set_zone(const Parameter& parameter, StickySettings& sticky) {
  constexpr std::uint64_t kSmallest = 8 * 4096;
  if (sticky.zone_size != 0) {
    parameter.fail("duplicate zone");
  }
  const std::size_t colon = parameter.value.find(':');
  if (colon == parameter.value.npos) {
    parameter.fail("zone size is not specified", "as in \"zone=sessions:1m\"");
  }
  sticky.zone = parameter.value.substr(0, colon);
  if (sticky.zone.empty()) {
    parameter.fail("zone name is not specified", "as in \"zone=sessions:1m\"");
  }
  const auto size = parse_size(parameter.value.substr(colon + 1));
  if (!size) {
    parameter.fail("invalid zone size", "expected a size, as in \"1m\"");
  }
  if (*size < kSmallest) {
    parameter.fail("zone is too small", "at least 32k");
  }
  sticky.zone_size = *size;
}

// "create=$variable"
Text learn_variable(const Parameter& parameter) {
  if (!parameter.value.starts_with('$') || parameter.value.size() < 2) {
    parameter.fail("missing variable in the \"" +
                   std::string(parameter.key.substr(0, parameter.key.size() - 1)) + "\" parameter");
  }
  return variable_of(parameter, parameter.value);
}

void set_learn_parameter(const Parameter& parameter, StickySettings& sticky, bool& has_timeout) {
  if (parameter.key == "zone=") {
    set_zone(parameter, sticky);
  } else if (parameter.key == "timeout=") {
    const auto time = parse_milliseconds(parameter.value);
    if (has_timeout) {
      parameter.fail("duplicate timeout");
    }
    if (!time || time->count() == 0) {
      parameter.fail("invalid timeout", "expected a time, as in \"10m\"");
    }
    has_timeout = true;
    sticky.timeout = *time;
  } else if (parameter.key == "create=") {
    sticky.create.push_back(learn_variable(parameter));
  } else if (parameter.key == "lookup=") {
    sticky.lookup.push_back(learn_variable(parameter));
  } else if (parameter.key == "header") {
    sticky.at_head = true;
  } else {
    parameter.fail_unknown(kLearnParameters);
  }
}

void set_learn(const Line& line, StickySettings& sticky) {
  bool has_timeout = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    set_learn_parameter(parameter_at(line, i), sticky, has_timeout);
  }
  for (const auto& [missing, name] :
       {std::pair{sticky.lookup.empty(), "lookup"}, std::pair{sticky.create.empty(), "create"},
        std::pair{sticky.zone_size == 0, "zone"}}) {
    if (missing) {
      line.fail("\"sticky\" directive \"" + std::string(name) + "\" parameter is not specified");
    }
  }
  for (const UpstreamSettings& other : line.scope().http->upstreams) {
    if (other.sticky.zone == sticky.zone) {
      line.fail("sticky zone \"" + sticky.zone + "\" is already used in upstream \"" + other.name +
                "\"");
    }
  }
}

}  // namespace

void set_sticky(Line& line) {
  StickySettings& sticky = line.part<UpstreamSettings>().sticky;
  if (line.word(0) == "cookie") {
    sticky.kind = Kind::cookie;
    set_cookie(line, sticky);
  } else if (line.word(0) == "route") {
    sticky.kind = Kind::route;
    set_route(line, sticky);
  } else if (line.word(0) == "learn") {
    sticky.kind = Kind::learn;
    set_learn(line, sticky);
  } else {
    line.fail_at(0, "unknown parameter \"" + line.word(0) + "\"",
                 expected_one_of(line.word(0), kKinds));
  }
}

}  // namespace sluice::confparse
