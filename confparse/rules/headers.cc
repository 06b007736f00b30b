// SPDX-License-Identifier: MIT
// Headers that the configuration adds to answers: add_header, expires.
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {

std::vector<AddedHeader> AddedHeaders::effective() const {
  if (own.empty()) {
    return inheritance == Inheritance::off ? std::vector<AddedHeader>{} : outer;
  }
  if (inheritance != Inheritance::merge) {
    return own;
  }
  std::vector<AddedHeader> all = outer;
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

ReadExpires read_expires(std::string_view word, bool modified) {
  using Kind = ExpiresSetting::Kind;
  ReadExpires read;
  ExpiresSetting& setting = read.setting;
  if (!modified && (word == "epoch" || word == "max" || word == "off")) {
    setting.kind = word == "epoch" ? Kind::epoch : word == "max" ? Kind::max : Kind::off;
    return read;
  }
  const char sign = word.empty() ? '\0' : word.front();
  if (sign == '@' || sign == '+' || sign == '-') {
    word.remove_prefix(1);
  }
  setting.kind = sign == '@' ? Kind::daily : modified ? Kind::modified : Kind::access;
  if (sign == '@' && modified) {
    read.complaint = "daily time cannot be used with \"modified\" parameter";
    return read;
  }
  const auto time = parse_seconds(word);
  if (!time) {
    read.complaint = "invalid value";
  } else if (sign == '@' && *time > std::chrono::hours(24)) {
    read.complaint = "daily time value must be less than 24 hours";
  } else {
    setting.time = sign == '-' ? -*time : *time;
  }
  return read;
}

namespace {

void add_header(Line& line) {
  if (line.size() > 2 && line.word(2) != "always") {
    constexpr std::array<std::string_view, 1> kParameters{"always"};
    line.invalid_parameter(2, kParameters);
  }
  line.part<HeaderSettings>().headers.own.push_back(
      {line.word(0), line.text_with_variables(1), line.size() > 2});
}

void set_header_inheritance(Line& line) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "on", "merge"};
  line.part<HeaderSettings>().headers.inheritance =
      static_cast<Inheritance>(line.choice(0, kChoices));
}

void set_expires(Line& line) {
  ExpiresSetting& expires = line.part<HeaderSettings>().expires;
  const bool modified = line.size() == 2;
  if (modified && line.word(0) != "modified") {
    line.invalid_value(0, "expected a time, or \"modified\" and a time");
  }
  const std::size_t last = line.size() - 1;
  if (has_variables(line.word(last))) {
    expires = {ExpiresSetting::Kind::variable, {}, line.text_with_variables(last), modified};
    return;
  }
  const ReadExpires read = read_expires(line.word(last), modified);
  if (!read.complaint.empty()) {
    line.fail_at(last, "\"expires\" directive " + read.complaint,
                 "expected \"epoch\", \"max\", \"off\" or a time, as in \"30d\", \"-1\", \"@15h\"");
  }
  expires = read.setting;
}

constexpr std::array kRules{
    Rule{"add_header", kAnyHttp, takes(2, 3), add_header, kRepeats},
    Rule{"add_header_inherit", kAnyHttp, takes(1), set_header_inheritance, 0, "on"},
    Rule{"expires", kAnyHttp, takes(1, 2), set_expires, 0, "off"},
};

}  // namespace

std::span<const Rule> header_rules() {
  return kRules;
}

}  // namespace sluice::confparse
