// SPDX-License-Identifier: MIT
// `resolver` and `resolver_timeout`: how names are looked up while serving.
#include <array>

#include "confparse/address.h"
#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

constexpr std::string_view kValid = "valid=";
constexpr std::string_view kIpv4 = "ipv4=";
constexpr std::string_view kIpv6 = "ipv6=";
constexpr std::string_view kStatusZone = "status_zone=";

bool on_or_off(const Line& line, std::size_t i, std::string_view value) {
  if (value != "on" && value != "off") {
    line.fail_at(i, "invalid parameter: " + line.word(i), "expected \"on\" or \"off\"");
  }
  return value == "on";
}

std::chrono::seconds valid_time(const Line& line, std::size_t i, std::string_view value) {
  const auto time = parse_seconds(value);
  if (!time) {
    line.fail_at(i, "invalid parameter: " + line.word(i),
                 "expected whole seconds, as in \"valid=30s\"");
  }
  return *time;
}

Text name_server(const Line& line, std::size_t i) {
  const ParsedPeer parsed = parse_peer(line.word(i), false);
  if (!parsed.complaint.empty()) {
    line.fail_at(i, parsed.complaint + " in resolver \"" + line.word(i) + "\"");
  }
  if (parsed.address.is_unix) {
    line.fail_at(i, "invalid host in resolver \"" + line.word(i) + "\"",
                 "a name server is asked over UDP and TCP");
  }
  // nginx takes such a word for a host, and looks it up.
  if (line.word(i).find('=') != std::string::npos) {
    constexpr std::array<std::string_view, 4> kParameters{kValid, kIpv4, kIpv6, kStatusZone};
    line.invalid_parameter(i, kParameters);
  }
  return line.text(i);
}

void set_resolver(Line& line) {
  ResolverSettings& settings = line.part<ResolverSettings>();
  ResolverSettings read;
  read.timeout = settings.timeout;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view word = line.word(i);
    if (word.starts_with(kValid)) {
      read.valid = valid_time(line, i, word.substr(kValid.size()));
    } else if (word.starts_with(kIpv4)) {
      read.ipv4 = on_or_off(line, i, word.substr(kIpv4.size()));
    } else if (word.starts_with(kIpv6)) {
      read.ipv6 = on_or_off(line, i, word.substr(kIpv6.size()));
    } else if (!word.starts_with(kStatusZone)) {  // counts for an API that is not here
      read.servers.push_back(name_server(line, i));
    }
  }
  if (!read.ipv4 && !read.ipv6) {
    line.fail("\"ipv4\" and \"ipv6\" cannot both be \"off\"");
  }
  if (read.servers.empty()) {
    line.fail("no name servers defined", "expected an address, as in \"resolver 127.0.0.1;\"");
  }
  settings = std::move(read);
}

constexpr std::array kRules{
    Rule{"resolver", kAnyHttp, takes(1, kAnyNumber), set_resolver, 0,
         "/etc/hosts and /etc/resolv.conf"},
    Rule{"resolver_timeout", kAnyHttp, takes(1), duration<&ResolverSettings::timeout>},
};

}  // namespace

std::span<const Rule> resolver_rules() {
  return kRules;
}

}  // namespace sluice::confparse
