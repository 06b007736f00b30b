// SPDX-License-Identifier: MIT
#include "proxy/dynamic_target.h"

#include <algorithm>
#include <charconv>

#include "http/characters.h"
#include "http/writer.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr std::string_view kUnix = "unix:";
constexpr std::uint16_t kDefaultPort = 80;

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower, lower);
}

std::string_view read_port(std::string_view digits, TargetParts& parts) {
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || parts.port == 0) {
    return "invalid port";
  }
  parts.port_text = digits;
  parts.has_port = true;
  return {};
}

std::string_view read_unix(std::string_view url, TargetParts& parts) {
  const std::string_view path = url.substr(kUnix.size());
  const std::size_t colon = std::min(path.find(':'), path.size());
  parts.is_unix = true;
  parts.host = path.substr(0, colon);
  parts.authority = url.substr(0, kUnix.size() + colon);
  parts.shown_host = "localhost";
  parts.uri = path.substr(std::min(colon + 1, path.size()));
  if (parts.host.empty()) {
    return "no path in the unix domain socket";
  }
  return parts.host.size() > net::Address::kLongestUnixPath
             ? "too long path in the unix domain socket"
             : "";
}

// A host with these would reach the Host header, or end it.
bool is_host(std::string_view host) {
  return std::ranges::all_of(host, [](char byte) { return byte > ' ' && byte != '\x7f'; });
}

std::string_view read_internet(std::string_view url, TargetParts& parts) {
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  parts.authority = url.substr(0, end);
  parts.uri = url.substr(end);
  const bool bracketed = parts.authority.starts_with('[');
  const std::size_t bracket = bracketed ? parts.authority.find(']') : 0;
  if (bracket == std::string_view::npos) {
    return "invalid host";
  }
  const std::size_t colon = parts.authority.find(':', bracket);
  parts.host = parts.authority.substr(0, colon);
  parts.shown_host = parts.authority;
  parts.port_text = "80";
  if (bracketed && parts.host.size() != bracket + 1) {
    return "invalid host";
  }
  if (colon != std::string_view::npos) {
    if (const auto complaint = read_port(parts.authority.substr(colon + 1), parts);
        !complaint.empty()) {
      return complaint;
    }
    if (parts.port == kDefaultPort) {
      parts.shown_host = parts.host;
      parts.port_text = "80";
    }
  }
  if (parts.host.empty()) {
    return "no host";
  }
  return is_host(parts.host) ? "" : "invalid host";
}

}  // namespace

std::string take_apart(std::string_view text, TargetParts& parts) {
  parts = {};
  if (begins_with(text, kHttps)) {
    return "https protocol is not supported by sluice yet, in \"" + std::string(text) + "\"";
  }
  if (text.size() <= kHttp.size() || !begins_with(text, kHttp)) {
    return "invalid URL prefix in \"" + std::string(text) + "\"";
  }
  const std::string_view url = text.substr(kHttp.size());
  const std::string_view complaint =
      url.starts_with(kUnix) ? read_unix(url, parts) : read_internet(url, parts);
  if (!complaint.empty()) {
    return std::string(complaint) + " in upstream \"" + std::string(url) + "\"";
  }
  return {};
}

bool IgnoringCase::operator()(std::string_view left, std::string_view right) const {
  return std::ranges::lexicographical_compare(left, right, {}, lower, lower);
}

// nginx finds a block by a host without a port, and the upstream of another proxy_pass by its host
// and port (ngx_http_upstream_init_request).
const NamedUpstream* find_named(const NamedUpstreams& known, const TargetParts& target,
                                std::string& storage) {
  if (target.is_unix) {
    return nullptr;
  }
  if (!target.has_port) {
    if (const auto block = known.find(target.host); block != known.end()) {
      return &block->second;
    }
  }
  storage.assign(target.host).append(":");
  http::append_number(storage, target.port);
  const auto implied = known.find(storage);
  return implied == known.end() ? nullptr : &implied->second;
}

void append_as_request_target(std::string& out, std::string_view uri) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char byte : uri) {
    const auto value = static_cast<unsigned char>(byte);
    if (value <= ' ' || value == 0x7f) {
      out += '%';
      out += kDigits[value >> 4U];
      out += kDigits[value & 15U];
    } else {
      out += byte;
    }
  }
}

}  // namespace sluice::proxy
