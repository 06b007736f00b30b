// SPDX-License-Identifier: MIT
#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace sluice::net {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

static_assert(sizeof(sockaddr_un{}.sun_path) == Address::kLongestUnixPath + 1);

template <class T>
T& as(sockaddr_storage& storage) {
  return reinterpret_cast<T&>(storage);
}
template <class T>
const T& as(const sockaddr_storage& storage) {
  return reinterpret_cast<const T&>(storage);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

Address::Address(const sockaddr* address, socklen_t size)
    : size_(std::min<socklen_t>(size, sizeof storage_)) {
  std::memcpy(&storage_, address, size_);
}

std::optional<Address> Address::parse(std::string_view text) {
  Address result;
  if (text.starts_with(kUnixPrefix)) {
    const std::string_view path = text.substr(kUnixPrefix.size());
    auto& address = as<sockaddr_un>(result.storage_);
    // A NUL would end the path early, or make it a name of the abstract kind.
    if (path.empty() || path.size() >= sizeof address.sun_path ||
        path.find('\0') != std::string_view::npos) {
      return std::nullopt;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    result.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    return result;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) {
    return std::nullopt;
  }
  std::string host{text.substr(0, colon)};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    auto& address = as<sockaddr_in6>(result.storage_);
    if (::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) != 1) {
      return std::nullopt;
    }
    address.sin6_family = AF_INET6;
    result.size_ = sizeof(sockaddr_in6);
  } else {
    auto& address = as<sockaddr_in>(result.storage_);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
      return std::nullopt;
    }
    address.sin_family = AF_INET;
    result.size_ = sizeof(sockaddr_in);
  }
  result.set_port(*port);
  return result;
}

std::uint16_t Address::port() const {
  switch (family()) {
    case AF_INET:
      return ntohs(as<sockaddr_in>(storage_).sin_port);
    case AF_INET6:
      return ntohs(as<sockaddr_in6>(storage_).sin6_port);
    default:
      return 0;
  }
}

void Address::set_port(std::uint16_t port) {
  if (family() == AF_INET) {
    as<sockaddr_in>(storage_).sin_port = htons(port);
  } else if (family() == AF_INET6) {
    as<sockaddr_in6>(storage_).sin6_port = htons(port);
  }
}

bool Address::is_wildcard() const {
  const std::string_view raw = bytes();
  return !raw.empty() && std::all_of(raw.begin(), raw.end(), [](char byte) { return byte == 0; });
}

std::string_view Address::bytes() const {
  if (family() == AF_INET) {
    return {reinterpret_cast<const char*>(&as<sockaddr_in>(storage_).sin_addr), 4};
  }
  if (family() == AF_INET6) {
    return {reinterpret_cast<const char*>(&as<sockaddr_in6>(storage_).sin6_addr), 16};
  }
  return {};
}

std::string Address::unix_path() const {
  constexpr std::size_t kHead = offsetof(sockaddr_un, sun_path);
  if (size_ <= kHead) {
    return {};  // an unnamed client socket
  }
  const auto& address = as<sockaddr_un>(storage_);
  return {address.sun_path, ::strnlen(address.sun_path, size_ - kHead)};
}

std::string Address::text() const {
  char host[INET6_ADDRSTRLEN] = "";
  switch (family()) {
    case AF_INET:
      ::inet_ntop(AF_INET, &as<sockaddr_in>(storage_).sin_addr, host, sizeof host);
      return std::string(host) + ":" + std::to_string(port());
    case AF_INET6:
      ::inet_ntop(AF_INET6, &as<sockaddr_in6>(storage_).sin6_addr, host, sizeof host);
      return "[" + std::string(host) + "]:" + std::to_string(port());
    default:
      return std::string(kUnixPrefix) + unix_path();
  }
}

bool operator==(const Address& left, const Address& right) {
  if (left.family() != right.family()) {
    return false;
  }
  if (left.is_unix()) {
    return left.unix_path() == right.unix_path();
  }
  return left.port() == right.port() && left.bytes() == right.bytes();
}

std::vector<Address> resolve_blocking(const std::string& host, std::uint16_t port,
                                      std::string& error) {
  std::vector<Address> result;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    error = ::gai_strerror(code);
    return result;
  }
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6) {
      Address address{entry->ai_addr, entry->ai_addrlen};
      address.set_port(port);
      result.push_back(address);
    }
  }
  ::freeaddrinfo(found);
  return result;
}

}  // namespace sluice::net
