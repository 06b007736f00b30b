// SPDX-License-Identifier: MIT
// The upstream block: its peers, how one is chosen, which connections are kept.
// The directives of strategies come from outside: rules/strategy.h.
#include <algorithm>
#include <array>

#include "confparse/address.h"
#include "confparse/rules/setters.h"
#include "confparse/rules/strategy.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void enter_upstream(Line& line) {
  const Scope& outer = line.scope();
  auto& upstreams = outer.http->upstreams;
  const bool known = std::ranges::any_of(upstreams, [&](const UpstreamSettings& other) {
    return equal_ignoring_case(other.name, line.word(0));
  });
  if (known) {
    line.fail_at(0, "duplicate upstream \"" + line.word(0) + "\"");
  }
  UpstreamSettings upstream;
  upstream.name = line.word(0);
  upstream.position = line.text(0).position;

  Scope scope{outer.loading, kUpstream};
  scope.upstream = &upstream;
  apply_block(line.directive().children, scope);

  if (upstream.servers.empty()) {
    line.fail_at(0, "no servers are inside upstream", "expected at least one \"server\" line");
  }
  if (std::ranges::all_of(upstream.servers, &UpstreamServer::backup)) {
    line.fail_at(0, "no servers in upstream \"" + upstream.name + "\"",
                 "at least one server must not be \"backup\"");
  }
  check_backup(line, upstream);
  upstreams.push_back(std::move(upstream));
}

constexpr std::array<std::string_view, 6> kParameters{
    "weight=", "max_fails=", "fail_timeout=", "max_conns=", "down", "backup"};
constexpr std::array<std::string_view, 5> kLater{"resolve",
                                                 "service=", "slow_start=", "route=", "drain"};

// A parameter that is a number; `least` is the smallest that makes sense.
std::uint32_t number_of(const Line& line, std::size_t i, std::string_view value,
                        std::uint64_t least, std::string_view expected) {
  const auto number = parse_number(value);
  if (!number || *number < least) {
    line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"", std::string(expected));
  }
  return clamped<std::uint32_t>(*number);
}

void set_parameter(const Line& line, std::size_t i, UpstreamServer& server) {
  const std::string_view word = line.word(i);
  const std::string_view key = word.substr(0, std::min(word.find('='), word.size() - 1) + 1);
  const std::string_view value = word.substr(key.size());
  if (word == "down") {
    server.down = true;
  } else if (word == "backup") {
    server.backup = true;
  } else if (key == "weight=") {
    server.weight = number_of(line, i, value, 1, "a weight is a number, at least 1");
  } else if (key == "max_fails=") {
    server.max_fails = number_of(line, i, value, 0, "expected a number; 0 counts no failures");
  } else if (key == "max_conns=") {
    server.max_connections = number_of(line, i, value, 0, "expected a number; 0 is no limit");
  } else if (key == "fail_timeout=") {
    const auto time = parse_seconds(value);
    if (!time) {
      line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"",
                   "expected whole seconds, as in \"fail_timeout=30s\"");
    }
    server.fail_timeout = *time;
  } else if (std::ranges::find(kLater, key) != kLater.end()) {
    line.fail_at(i, "the \"" + std::string(key) +
                        "\" parameter of \"server\" is not supported by sluice yet");
  } else {
    line.invalid_parameter(i, kParameters);
  }
}

void add_server(Line& line) {
  const ParsedPeer parsed = parse_peer(line.word(0), false);
  if (!parsed.complaint.empty()) {
    line.fail_at(
        0, parsed.complaint + " in upstream \"" + line.word(0) + "\"",
        line.word(0).starts_with("http://") ? "a server is written without \"http://\"" : "");
  }
  UpstreamServer server;
  server.address = line.word(0);
  server.position = line.text(0).position;
  for (std::size_t i = 1; i < line.size(); ++i) {
    set_parameter(line, i, server);
  }
  line.scope().upstream->servers.push_back(std::move(server));
}

void set_keepalive(Line& line) {
  const auto number = parse_number(line.word(0));
  if (!number) {
    line.fail_at(0, "invalid value \"" + line.word(0) + "\" in \"keepalive\" directive",
                 "expected how many idle connections a worker keeps");
  }
  line.part<UpstreamSettings>().keepalive = clamped<std::uint32_t>(*number);
}

// All workers share the peers' state as it is; the size is checked as nginx does.
void check_zone(Line& line) {
  constexpr std::uint64_t kSmallest = 8 * 4096;  // eight pages
  if (line.word(0).empty()) {
    line.fail_at(0, "invalid zone name \"\"");
  }
  if (line.size() < 2) {
    return;
  }
  const auto size = parse_size(line.word(1));
  if (!size) {
    line.fail_at(1, "invalid zone size \"" + line.word(1) + "\"", "expected a size, as in \"64k\"");
  }
  if (*size < kSmallest) {
    line.fail_at(1, "zone \"" + line.word(0) + "\" is too small", "at least 32k");
  }
}

// Names what `hash` does anyway; configurations for the old third-party module carry it.
void check_hash_method(Line& line) {
  if (line.word(0) != "crc32") {
    line.fail_at(0, "invalid hash method \"" + line.word(0) + "\"", "expected \"crc32\"");
  }
}

constexpr std::array kRules{
    Rule{"upstream", kHttp, block(1), enter_upstream, kRepeats | kEnters},
    Rule{"server", kUpstream, takes(1, kAnyNumber), add_server, kRepeats,
         "weight=1 max_fails=1 fail_timeout=10s max_conns=0"},
    Rule{"keepalive", kUpstream, takes(1), set_keepalive, 0, "32"},
    Rule{"keepalive_requests", kUpstream, takes(1), number<&UpstreamSettings::keepalive_requests>},
    Rule{"keepalive_time", kUpstream, takes(1), duration<&UpstreamSettings::keepalive_time>},
    Rule{"keepalive_timeout", kUpstream, takes(1), duration<&UpstreamSettings::keepalive_timeout>},
    Rule{"hash_method", kUpstream, takes(1), check_hash_method, 0, "crc32"},
    without_effect("zone", kUpstream, takes(1, 2), check_zone),
};

}  // namespace

std::span<const Rule> upstream_rules() {
  return kRules;
}

}  // namespace sluice::confparse
