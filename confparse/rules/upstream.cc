// SPDX-License-Identifier: MIT
// The upstream block: its peers, how one is chosen, which connections are kept.
// The directives of strategies come from outside: rules/strategy.h.
#include <algorithm>
#include <array>
#include <limits>

#include "confparse/address.h"
#include "confparse/rules/setters.h"
#include "confparse/rules/sticky.h"
#include "confparse/rules/strategy.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

// The old module's directive is a word behind the key of `hash` here.
void apply_hash_again(const Line& block, UpstreamSettings& upstream) {
  if (!upstream.hash_again) {
    return;
  }
  if (upstream.method == "hash") {
    upstream.method_words.push_back("again=" + std::to_string(*upstream.hash_again));
    return;
  }
  const auto& lines = block.directive().children;
  const auto found = std::ranges::find_if(
      lines, [](const Directive& line) { return line.name.text == "hash_again"; });
  block.warn(found->name.position, "\"hash_again\" has no effect without \"hash\"");
}

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
  scope.http = outer.http;
  scope.upstream = &upstream;
  apply_block(line.directive().children, scope);

  if (upstream.servers.empty()) {
    line.fail_at(0, "no servers are inside upstream", "expected at least one \"server\" line");
  }
  check_servers(line, upstream);  // as in nginx: before it is known which servers there are
  if (std::ranges::all_of(upstream.servers, &UpstreamServer::backup)) {
    line.fail_at(0, "no servers in upstream \"" + upstream.name + "\"",
                 "at least one server must not be \"backup\"");
  }
  apply_hash_again(line, upstream);
  upstreams.push_back(std::move(upstream));
}

constexpr std::array<std::string_view, 9> kParameters{
    "weight=", "max_fails=", "fail_timeout=", "max_conns=", "down",
    "backup",  "drain",      "route=",        "slow_start="};
constexpr std::array<std::string_view, 2> kLater{"resolve", "service="};
constexpr std::size_t kLongestRoute = 32;

// A share must be what was written, never a number cut off.
std::uint32_t weight_of(const Line& line, std::size_t i, std::string_view value) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const auto number = parse_number(value);
  if (!number || *number == 0 || *number > kMost) {
    line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"",
                 number && *number > kMost ? "a weight is " + std::to_string(kMost) + " at the most"
                                           : "a weight is a number, at least 1");
  }
  return static_cast<std::uint32_t>(*number);
}

// A parameter that is a number; beyond 32 bits more makes no difference.
std::uint32_t number_of(const Line& line, std::size_t i, std::string_view value,
                        std::string_view expected) {
  const auto number = parse_number(value);
  if (!number) {
    line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"", std::string(expected));
  }
  return clamped<std::uint32_t>(*number);
}

// RFC 6265, 4.1.1; bytes beyond ASCII are left alone.
bool may_be_in_cookie(char c) {
  constexpr std::string_view kNever = "\",;\\\x7f";
  return static_cast<unsigned char>(c) > 0x20 && kNever.find(c) == kNever.npos;
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
    server.weight = weight_of(line, i, value);
  } else if (key == "max_fails=") {
    server.max_fails = number_of(line, i, value, "expected a number; 0 counts no failures");
  } else if (key == "max_conns=") {
    server.max_connections = number_of(line, i, value, "expected a number; 0 is no limit");
  } else if (key == "fail_timeout=") {
    const auto time = parse_seconds(value);
    if (!time) {
      line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"",
                   "expected whole seconds, as in \"fail_timeout=30s\"");
    }
    server.fail_timeout = *time;
  } else if (word == "drain") {
    server.drain = true;
  } else if (key == "route=") {
    if (value.empty() || value.size() > kLongestRoute) {
      line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"",
                   "a route has 1 to 32 characters");
    }
    if (!std::ranges::all_of(value, may_be_in_cookie)) {
      line.fail_at(
          i, "invalid parameter \"" + line.word(i) + "\"",
          "a route becomes the value of a cookie: no blanks, quotes, \",\", \";\", \"\\\"");
    }
    server.route = value;
  } else if (key == "slow_start=") {
    const auto time = parse_milliseconds(value);
    if (!time) {
      line.fail_at(i, "invalid parameter \"" + line.word(i) + "\"",
                   "expected a time, as in \"slow_start=30s\"");
    }
    server.slow_start = *time;
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
  auto& upstream = line.part<UpstreamSettings>();
  upstream.keepalive = clamped<std::uint32_t>(*number);
  line.scope().first_use(&upstream.keepalive);  // rules/strategy.cc looks for it
  if (line.size() > 1) {
    if (line.word(1) != "local") {
      line.fail_at(1, "invalid parameter \"" + line.word(1) + "\"", "expected \"local\"");
    }
    upstream.keepalive_local = true;
  }
}

// `queue N [timeout=T]`
void set_queue(Line& line) {
  constexpr std::string_view kTimeout = "timeout=";
  QueueSettings& queue = line.part<UpstreamSettings>().queue;
  const auto number = parse_number(line.word(0));
  if (!number || *number == 0) {
    line.fail_at(0, "invalid value \"" + line.word(0) + "\" in \"queue\" directive",
                 "expected how many requests may wait");
  }
  queue.most = clamped<std::uint32_t>(*number);
  if (line.size() < 2) {
    return;
  }
  const std::string_view word = line.word(1);
  const auto time =
      word.starts_with(kTimeout) ? parse_milliseconds(word.substr(kTimeout.size())) : std::nullopt;
  if (!time) {
    line.fail_at(1, "invalid parameter \"" + line.word(1) + "\"",
                 "expected a time, as in \"timeout=60s\"");
  }
  queue.timeout = *time;
}

// All of them under the lock of the upstream; as `again=` of the strategy itself.
void set_hash_again(Line& line) {
  constexpr std::uint64_t kMost = 65'535;
  const auto number = parse_number(line.word(0));
  if (!number || *number > kMost) {
    line.fail_at(0, "\"hash_again\" directive invalid number",
                 "expected a number from 0 to " + std::to_string(kMost));
  }
  line.part<UpstreamSettings>().hash_again = static_cast<std::uint32_t>(*number);
}

// A zone may be named in several upstreams; one of them has to say its size.
void add_zone(const Line& line, std::uint64_t size) {
  auto& zones = line.scope().loading.zones;
  const auto zone =
      std::ranges::find(zones, line.word(0),
                        [](const Zone& known) -> const std::string& { return known.name.value; });
  if (zone == zones.end()) {
    zones.push_back({line.text(0), size});
  } else if (zone->size == 0) {
    zone->size = size;
  } else if (size != 0 && size != zone->size) {
    line.fail_at(1, "the size " + std::to_string(size) + " of shared memory zone \"" +
                        line.word(0) + "\" conflicts with already declared size " +
                        std::to_string(zone->size));
  }
}

// All workers share the peers' state as it is; name and size are checked as nginx does.
void check_zone(Line& line) {
  constexpr std::uint64_t kSmallest = 8 * 4096;  // eight pages
  if (line.word(0).empty()) {
    line.fail_at(0, "invalid zone name \"\"");
  }
  if (line.size() < 2) {
    return add_zone(line, 0);
  }
  const auto size = parse_size(line.word(1));
  if (!size) {
    line.fail_at(1, "invalid zone size \"" + line.word(1) + "\"", "expected a size, as in \"64k\"");
  }
  if (*size < kSmallest) {
    line.fail_at(1, "zone \"" + line.word(0) + "\" is too small", "at least 32k");
  }
  add_zone(line, *size);
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
    Rule{"keepalive", kUpstream, takes(1, 2), set_keepalive, 0, "32"},
    Rule{"keepalive_requests", kUpstream, takes(1), number<&UpstreamSettings::keepalive_requests>},
    Rule{"keepalive_time", kUpstream, takes(1), duration<&UpstreamSettings::keepalive_time>},
    Rule{"keepalive_timeout", kUpstream, takes(1), duration<&UpstreamSettings::keepalive_timeout>},
    Rule{"sticky", kUpstream, takes(2, kAnyNumber), set_sticky},
    Rule{"queue", kUpstream, takes(1, 2), set_queue},
    Rule{"hash_again", kUpstream, takes(1), set_hash_again, 0, "20"},
    Rule{"hash_method", kUpstream, takes(1), check_hash_method, 0, "crc32"},
    without_effect("zone", kUpstream, takes(1, 2), check_zone, kRepeats),
};

}  // namespace

std::span<const Rule> upstream_rules() {
  return kRules;
}

}  // namespace sluice::confparse
