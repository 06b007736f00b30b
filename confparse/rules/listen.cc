// SPDX-License-Identifier: MIT
#include "confparse/rules/listen.h"

#include <algorithm>
#include <array>
#include <limits>

#include "confparse/address.h"
#include "confparse/suggest.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

constexpr std::array<std::string_view, 13> kParameters{
    "default_server", "reuseport", "backlog=", "ipv6only=",     "deferred", "bind",
    "fastopen=",      "rcvbuf=",   "sndbuf=",  "so_keepalive=", "ssl",      "http2",
    "proxy_protocol",
};

[[noreturn]] void refuse(const Line& line, std::size_t i, std::string_view what) {
  line.fail_at(i, "the \"" + std::string(what) +
                      "\" parameter of \"listen\" is not supported by sluice yet");
}

void set_backlog(const Line& line, std::size_t i, std::string_view value, Listen& listen) {
  const bool minus = value.starts_with('-');  // -1: whatever the system allows
  const auto number = parse_number(minus ? value.substr(1) : value);
  if (!number || *number == 0 || *number > std::numeric_limits<int>::max() ||
      (minus && *number != 1)) {
    line.fail_at(i, "invalid backlog \"" + line.word(i) + "\"", "expected a number, at least 1");
  }
  listen.backlog = static_cast<int>(*number) * (minus ? -1 : 1);
}

void check_so_keepalive(const Line& line, std::size_t i, std::string_view value) {
  if (value == "on" || value == "off") {
    return;
  }
  // keepidle:keepintvl:keepcnt, each of which may be missing
  const std::size_t first = value.find(':');
  const std::size_t second = value.find(':', first + 1);
  const bool split = first != std::string_view::npos && second != std::string_view::npos;
  const auto time_or_nothing = [](std::string_view part) {
    return part.empty() || parse_seconds(part).has_value();
  };
  if (!split || !time_or_nothing(value.substr(0, first)) ||
      !time_or_nothing(value.substr(first + 1, second - first - 1)) ||
      (second + 1 < value.size() && !parse_number(value.substr(second + 1)))) {
    line.fail_at(i, "invalid so_keepalive value: \"" + std::string(value) + "\"",
                 "expected \"on\", \"off\" or \"idle:interval:count\"");
  }
}

// Sizes and numbers that only tune the socket: checked, no effect.
bool is_tuning(const Line& line, std::size_t i, std::string_view key, std::string_view value) {
  if (key == "deferred" || key == "bind") {
    return true;
  }
  if (key == "so_keepalive=") {
    check_so_keepalive(line, i, value);
    return true;
  }
  if (key == "fastopen=" || key == "rcvbuf=" || key == "sndbuf=") {
    const auto number = key == "fastopen=" ? parse_number(value) : parse_size(value);
    if (!number) {
      line.fail_at(
          i, "invalid " + std::string(key.substr(0, key.size() - 1)) + " \"" + line.word(i) + "\"");
    }
    return true;
  }
  return false;
}

void set_parameter(const Line& line, std::size_t i, Listen& listen) {
  const std::string_view word = line.word(i);
  const std::string_view key = word.substr(0, std::min(word.find('='), word.size() - 1) + 1);
  const std::string_view value = word.substr(key.size());
  if (word == "default_server" || word == "default") {
    listen.default_server = true;
    return;
  }
  if (word == "ssl" || word == "http2" || word == "proxy_protocol" || word == "quic") {
    refuse(line, i, word);
  }
  listen.socket_options = true;
  if (word == "reuseport") {
    listen.reuseport = true;
  } else if (key == "backlog=") {
    set_backlog(line, i, value, listen);
  } else if (key == "ipv6only=" && (value == "on" || value == "off")) {
    listen.ipv6only = value == "on";
  } else if (!is_tuning(line, i, key, value)) {
    line.invalid_parameter(i, kParameters);
  }
}

}  // namespace

void set_listen(Line& line) {
  const ParsedListen parsed = parse_listen(line.word(0));
  if (!parsed.complaint.empty()) {
    line.fail_at(0, parsed.complaint + " in \"" + line.word(0) + "\" of the \"listen\" directive",
                 parsed.advice);
  }
  Listen listen;
  listen.position = line.text(0).position;
  for (std::size_t i = 1; i < line.size(); ++i) {
    set_parameter(line, i, listen);
  }
  auto& listens = line.scope().server->listens;
  for (const std::string& address : parsed.addresses) {
    if (std::ranges::find(listens, address, &Listen::address) != listens.end()) {
      line.fail_at(0, "a duplicate listen " + address);
    }
    listen.address = address;
    listens.push_back(listen);
  }
}

Listen default_listen(const Defaults& defaults, const Position& position) {
  Listen listen;
  listen.address = defaults.privileged ? "0.0.0.0:80" : "0.0.0.0:8000";
  listen.position = position;
  return listen;
}

}  // namespace sluice::confparse
