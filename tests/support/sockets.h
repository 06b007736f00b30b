// SPDX-License-Identifier: MIT
// Blocking sockets with deadlines, for HttpClient and ScriptedPeer.
// An address is "127.0.0.1:80", "[::1]:80" or "unix:/path".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/deadline.h"

namespace sluice::tests {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void close();
  // The other side gets a RST instead of an orderly end.
  void reset();

 private:
  int fd_ = -1;
};

// Both throw std::runtime_error when that cannot be.
Socket connect_to(const std::string& address);
Socket listen_on(const std::string& address);

// "127.0.0.1:43211": what the system made of port 0.
std::string local_address(const Socket& socket);
std::uint16_t port_of(const std::string& address);

// An address of which nothing listens and which nobody else gets while the test runs.
std::string closed_port(const std::string& host = "127.0.0.1");

// Waits until there is something to read, an end included.  False: the deadline passed.
bool wait_readable(const Socket& socket, const Deadline& deadline);

enum class ReadResult : std::uint8_t { bytes, end, reset, timeout };
// Appends what is there, after waiting for it, to `into`.
ReadResult read_some(const Socket& socket, std::string& into, const Deadline& deadline);

// False: the other side is gone, or takes nothing before the deadline.
bool send_all(const Socket& socket, std::string_view bytes, const Deadline& deadline);

}  // namespace sluice::tests
