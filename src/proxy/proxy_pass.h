// SPDX-License-Identifier: MIT
// The target of `proxy_pass`, taken apart: "http://mytornado/api/", "http://unix:/run/a.sock:/x".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "confparse/settings/text.h"

namespace sluice::proxy {

struct PassTarget {
  std::string address;  // "mytornado", "10.0.0.1:8000", "unix:/run/a.sock"
  std::string host;     // $proxy_host: as written, "localhost" for unix:
  std::string port;     // $proxy_port: as written, or the scheme's
  std::uint16_t default_port = 80;
  std::optional<std::string> uri;  // from the first '/' on
};

// Throws confparse::ConfigError.
PassTarget parse_pass_target(const confparse::Text& text);

// "host:port" -> both; the port is absent when none is written.
struct HostPort {
  std::string host;  // brackets of IPv6 kept
  std::optional<std::uint16_t> port;
};
std::optional<HostPort> split_host_port(std::string_view text);

}  // namespace sluice::proxy
