// SPDX-License-Identifier: MIT
#include "proxy/proxy_pass.h"

#include <charconv>

#include "confparse/error.h"
#include "confparse/values.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr std::string_view kUnix = "unix:";

}  // namespace

std::optional<HostPort> split_host_port(std::string_view text) {
  HostPort result;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t colon = text.find(':', bracket);
  result.host = text.substr(0, colon);
  if (result.host.empty()) {
    return std::nullopt;
  }
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) {
      return std::nullopt;
    }
    result.port = port;
  }
  return result;
}

PassTarget parse_pass_target(const confparse::Text& text) {
  std::string_view rest = text.value;
  if (confparse::equal_ignoring_case(rest.substr(0, kHttps.size()), kHttps)) {
    throw confparse::ConfigError(text.position, "https protocol is not supported by sluice yet",
                                 "the peers of this version speak http://");
  }
  if (!confparse::equal_ignoring_case(rest.substr(0, kHttp.size()), kHttp)) {
    throw confparse::ConfigError(text.position, "invalid URL prefix", "begin it with http://");
  }
  rest.remove_prefix(kHttp.size());
  PassTarget target;
  std::size_t uri = std::string_view::npos;
  if (rest.starts_with(kUnix)) {
    const std::size_t colon = rest.find(':', kUnix.size());
    target.address = rest.substr(0, colon);
    target.host = "localhost";
    uri = colon == std::string_view::npos ? colon : colon + 1;
  } else {
    uri = rest.find_first_of("/?");
    target.address = rest.substr(0, uri);
    target.host = target.address;
    const auto parts = split_host_port(target.address);
    if (!parts) {
      throw confparse::ConfigError(
          text.position, "invalid port in upstream \"" + target.address + "\" of \"proxy_pass\"");
    }
    target.port = std::to_string(parts->port.value_or(target.default_port));
    if (target.address.empty()) {
      throw confparse::ConfigError(text.position, "no host in upstream \"" + text.value + "\"");
    }
  }
  if (uri < rest.size()) {
    target.uri = rest.substr(uri);
    if (target.uri->front() == '?') {
      target.uri->insert(0, "/");
    }
  }
  return target;
}

}  // namespace sluice::proxy
