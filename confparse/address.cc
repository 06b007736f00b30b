// SPDX-License-Identifier: MIT
#include "confparse/address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>

#include "confparse/values.h"

namespace sluice::confparse {
namespace {

constexpr std::uint64_t kLastPort = 65535;
constexpr std::string_view kUnix = "unix:";

// An IPv4 or (without brackets) IPv6 address in its shortest spelling; nullopt: it is none.
std::optional<std::string> canonical_ip(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> spelled{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1 ||
      inet_ntop(family, bytes.data(), spelled.data(), spelled.size()) == nullptr) {
    return std::nullopt;
  }
  return std::string(spelled.data());
}

std::string unix_complaint(std::string_view path) {
  if (path.empty()) {
    return "no path in the unix domain socket";
  }
  if (path.find('\0') != std::string_view::npos) {
    return "invalid path in the unix domain socket";
  }
  return path.size() >= sizeof(sockaddr_un{}.sun_path) ? "too long path in the unix domain socket"
                                                       : "";
}

// Takes `:port` off the end of `rest`, which may not have one.
std::string take_port(std::string_view& rest, std::size_t colon, PeerAddress& address) {
  if (colon == std::string_view::npos) {
    return {};
  }
  const auto port = parse_number(rest.substr(colon + 1));
  if (!port || *port == 0 || *port > kLastPort) {
    return "invalid port";
  }
  address.port = static_cast<std::uint16_t>(*port);
  rest = rest.substr(0, colon);
  return {};
}

ParsedPeer parse_unix_peer(std::string_view path, bool uri_allowed) {
  ParsedPeer parsed;
  parsed.address.is_unix = true;
  if (const std::size_t colon = path.find(':'); uri_allowed && colon != std::string_view::npos) {
    parsed.address.uri = path.substr(colon + 1);
    path = path.substr(0, colon);
  }
  parsed.address.host = path;
  parsed.complaint = unix_complaint(path);
  return parsed;
}

ParsedPeer parse_ipv6_peer(std::string_view rest, ParsedPeer parsed) {
  const std::size_t bracket = rest.find(']');
  if (bracket == std::string_view::npos ||
      (bracket + 1 < rest.size() && rest[bracket + 1] != ':')) {
    parsed.complaint = "invalid host";
    return parsed;
  }
  const std::size_t colon = bracket + 1 < rest.size() ? bracket + 1 : std::string_view::npos;
  parsed.complaint = take_port(rest, colon, parsed.address);
  parsed.address.host = rest;
  if (parsed.complaint.empty() &&
      !canonical_ip(AF_INET6, std::string(rest.substr(1, bracket - 1)))) {
    parsed.complaint = bracket == 1 ? "no host" : "invalid IPv6 address";
  }
  return parsed;
}

// "80" and "8000-8010".
struct Ports {
  std::uint64_t first = 80;
  std::uint64_t last = 80;
  std::string complaint;
};

Ports parse_ports(std::string_view word) {
  const std::size_t dash = word.find('-');
  const auto first = parse_number(word.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_number(word.substr(dash + 1));
  if (!first || !last || *first > kLastPort || *last > kLastPort) {
    return {0, 0, "invalid port"};
  }
  return {*first, *last, *last < *first ? "invalid port range" : ""};
}

bool looks_like_ports(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789-") == std::string_view::npos &&
         word.front() != '-' && word.back() != '-';
}

ParsedListen combine(const std::string& host, const Ports& ports) {
  ParsedListen parsed;
  parsed.complaint = ports.complaint;
  for (std::uint64_t port = ports.first; parsed.complaint.empty() && port <= ports.last; ++port) {
    parsed.addresses.push_back(host + ":" + std::to_string(port));
  }
  return parsed;
}

ParsedListen parse_ipv6_listen(std::string_view word) {
  const std::size_t bracket = word.find(']');
  const std::string_view behind =
      bracket == std::string_view::npos ? "?" : word.substr(bracket + 1);
  if (!behind.empty() && behind[0] != ':') {
    return {{}, "invalid host", "an IPv6 address is written \"[::1]:80\""};
  }
  const auto ip = canonical_ip(AF_INET6, std::string(word.substr(1, bracket - 1)));
  if (!ip) {
    return {{}, bracket == 1 ? "no host" : "invalid IPv6 address", ""};
  }
  return combine("[" + *ip + "]", behind.empty() ? Ports{} : parse_ports(behind.substr(1)));
}

}  // namespace

ParsedPeer parse_peer(std::string_view word, bool uri_allowed) {
  if (equal_ignoring_case(word.substr(0, kUnix.size()), kUnix)) {
    return parse_unix_peer(word.substr(kUnix.size()), uri_allowed);
  }
  ParsedPeer parsed;
  std::string_view rest = word;
  if (const std::size_t uri = rest.find_first_of("/?"); uri != std::string_view::npos) {
    if (!uri_allowed) {
      parsed.complaint = "invalid host";
      return parsed;
    }
    parsed.address.uri = rest.substr(uri);
    rest = rest.substr(0, uri);
  }
  if (rest.starts_with('[')) {
    return parse_ipv6_peer(rest, std::move(parsed));
  }
  parsed.complaint = take_port(rest, rest.find(':'), parsed.address);
  parsed.address.host = rest;
  if (parsed.complaint.empty() && rest.empty()) {
    parsed.complaint = "no host";
  }
  return parsed;
}

ParsedListen parse_listen(std::string_view word) {
  if (equal_ignoring_case(word.substr(0, kUnix.size()), kUnix)) {
    const std::string_view path = word.substr(kUnix.size());
    return {{std::string(kUnix) + std::string(path)}, unix_complaint(path), ""};
  }
  if (word.starts_with('[')) {
    return parse_ipv6_listen(word);
  }
  if (word.find('/') != std::string_view::npos) {
    return {{}, "invalid host", "a path is written \"unix:/path\""};
  }
  if (looks_like_ports(word)) {
    return combine("0.0.0.0", parse_ports(word));
  }
  const std::size_t colon = word.find(':');
  const Ports ports =
      colon == std::string_view::npos ? Ports{} : parse_ports(word.substr(colon + 1));
  const std::string host(word.substr(0, colon));
  if (!ports.complaint.empty()) {
    return {{}, ports.complaint, ""};
  }
  if (host.empty()) {
    return {{}, "no host", "expected \"*:80\" or \"127.0.0.1:80\""};
  }
  if (host == "*") {
    return combine("0.0.0.0", ports);
  }
  if (equal_ignoring_case(host, "localhost")) {
    return combine("127.0.0.1", ports);
  }
  if (const auto ip = canonical_ip(AF_INET, host)) {
    return combine(*ip, ports);
  }
  return {{}, "host not found", "expected an IP address: names are not looked up here"};
}

}  // namespace sluice::confparse
