// SPDX-License-Identifier: MIT
// Where a socket is: IPv4, IPv6 or a unix: path.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

class Address {
 public:
  static constexpr std::size_t kLongestUnixPath = 107;  // of sockaddr_un, its end left out

  Address() = default;
  Address(const sockaddr* address, socklen_t size);

  // "127.0.0.1:8000", "[::1]:8000", "unix:/run/a.sock".  Nothing for a name or nonsense.
  static std::optional<Address> parse(std::string_view text);

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] bool is_unix() const { return family() == AF_UNIX; }
  [[nodiscard]] std::uint16_t port() const;  // 0 for unix:
  void set_port(std::uint16_t port);
  // "0.0.0.0" or "::".
  [[nodiscard]] bool is_wildcard() const;
  // Raw network bytes: 4, 16, or none for unix:.
  [[nodiscard]] std::string_view bytes() const;
  // As parse() takes it.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string unix_path() const;

  friend bool operator==(const Address& left, const Address& right);

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

// The addresses of a name, in the system's order, IPv4 and IPv6; empty when there are none now.
// Blocks: for the start only.  `error` says why nothing came.
std::vector<Address> resolve_blocking(const std::string& host, std::uint16_t port,
                                      std::string& error);

}  // namespace sluice::net
