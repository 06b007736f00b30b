// SPDX-License-Identifier: MIT
// How a location talks to its peers.  `proxy_pass` itself is in content.cc: it is not inherited.
#include <array>

#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

void set_header(Line& line) {
  auto& headers = line.part<ProxySettings>().set_headers;
  if (line.scope().first_use(&headers)) {
    headers.clear();
  }
  headers.push_back({line.word(0), line.text_with_variables(1)});
}

void set_http_version(Line& line) {
  constexpr std::array<std::string_view, 2> kVersions{"1.0", "1.1"};
  line.part<ProxySettings>().http_minor = static_cast<std::uint8_t>(line.choice(0, kVersions));
}

struct Reason {
  std::string_view word;
  bool NextUpstream::*field;
};

constexpr std::array kReasons{
    Reason{"error", &NextUpstream::error},
    Reason{"timeout", &NextUpstream::timeout},
    Reason{"invalid_header", &NextUpstream::invalid_header},
    Reason{"http_403", &NextUpstream::http_403},
    Reason{"http_404", &NextUpstream::http_404},
    Reason{"http_429", &NextUpstream::http_429},
    Reason{"http_500", &NextUpstream::http_500},
    Reason{"http_502", &NextUpstream::http_502},
    Reason{"http_503", &NextUpstream::http_503},
    Reason{"http_504", &NextUpstream::http_504},
    Reason{"non_idempotent", &NextUpstream::non_idempotent},
};

constexpr std::size_t kOff = kReasons.size();

constexpr auto kReasonWords = [] {
  std::array<std::string_view, kReasons.size() + 1> words{};
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    words[i] = kReasons[i].word;
  }
  words[kOff] = "off";
  return words;
}();

NextUpstream never() {
  NextUpstream reasons;
  reasons.error = reasons.timeout = false;
  return reasons;
}

// `off` wins over whatever else the line says, as in nginx.
void set_next_upstream(Line& line) {
  NextUpstream chosen = never();
  bool off = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t choice = line.choice(i, kReasonWords);
    if (choice == kOff) {
      off = true;
      continue;
    }
    bool& reason = chosen.*kReasons[choice].field;
    if (reason) {
      line.warn(line.text(i).position, "duplicate value \"" + line.word(i) + "\"");
    }
    reason = true;
  }
  line.part<ProxySettings>().next_upstream = off ? never() : chosen;
}

constexpr std::array kRules{
    Rule{"proxy_set_header", kAnyHttp, takes(2), set_header, kRepeats,
         "Host $proxy_host; Connection close"},
    Rule{"proxy_connect_timeout", kAnyHttp, takes(1), duration<&ProxySettings::connect_timeout>},
    Rule{"proxy_send_timeout", kAnyHttp, takes(1), duration<&ProxySettings::send_timeout>},
    Rule{"proxy_read_timeout", kAnyHttp, takes(1), duration<&ProxySettings::read_timeout>},
    Rule{"proxy_http_version", kAnyHttp, takes(1), set_http_version, 0, "1.1"},
    Rule{"proxy_next_upstream", kAnyHttp, takes(1, kAnyNumber), set_next_upstream, 0,
         "error timeout"},
    Rule{"proxy_next_upstream_tries", kAnyHttp, takes(1),
         number<&ProxySettings::next_upstream_tries>},
    Rule{"proxy_next_upstream_timeout", kAnyHttp, takes(1),
         duration<&ProxySettings::next_upstream_timeout>},
    Rule{"proxy_buffer_size", kAnyHttp, takes(1), size<&ProxySettings::buffer_size>},
};

}  // namespace

std::span<const Rule> proxy_rules() {
  return kRules;
}

}  // namespace sluice::confparse
