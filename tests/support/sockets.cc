// SPDX-License-Identifier: MIT
#include "tests/support/sockets.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sluice::tests {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address parse(const std::string& text) {
  Address address;
  if (text.starts_with("unix:")) {
    auto& local = reinterpret_cast<sockaddr_un&>(address.storage);
    local.sun_family = AF_UNIX;
    const std::string path = text.substr(5);
    if (path.size() >= sizeof local.sun_path) throw std::runtime_error("path too long: " + text);
    std::memcpy(local.sun_path, path.c_str(), path.size() + 1);
    address.size = sizeof local;
    return address;
  }
  const auto colon = text.rfind(':');
  const std::string host = text.substr(0, colon);
  const std::uint16_t port = port_of(text);
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (host.starts_with('[') &&
      ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof v6;
  } else if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
  } else {
    throw std::runtime_error("not an address: " + text);
  }
  return address;
}

[[noreturn]] void fail(const char* what, const std::string& address) {
  throw std::runtime_error(std::string(what) + ' ' + address + ": " + std::strerror(errno));
}

Socket open_socket(const Address& address) {
  return Socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

Socket bind_to(const std::string& text) {
  const Address address = parse(text);
  Socket socket = open_socket(address);
  const int on = 1;
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.fd(), address.get(), address.size) != 0) fail("cannot bind", text);
  return socket;
}

}  // namespace

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Socket::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

Socket connect_to(const std::string& text) {
  const Address address = parse(text);
  Socket socket = open_socket(address);
  if (::connect(socket.fd(), address.get(), address.size) != 0) fail("cannot connect to", text);
  const int on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

Socket listen_on(const std::string& text) {
  Socket socket = bind_to(text);
  if (::listen(socket.fd(), 128) != 0) fail("cannot listen on", text);
  return socket;
}

std::string local_address(const Socket& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&storage), &size);
  std::array<char, INET6_ADDRSTRLEN> host{};
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, host.data(), host.size());
    return '[' + std::string(host.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    ::inet_ntop(AF_INET, &v4.sin_addr, host.data(), host.size());
    return std::string(host.data()) + ':' + std::to_string(ntohs(v4.sin_port));
  }
  return "unix:" + std::string(reinterpret_cast<const sockaddr_un&>(storage).sun_path);
}

std::uint16_t port_of(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("no port: " + address);
  return static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)));
}

std::string closed_port(const std::string& host) {
  // Bound but not listening: a connection is refused, and nobody else is given the port.
  static std::mutex mutex;
  static std::vector<Socket> held;
  const std::lock_guard lock(mutex);
  held.push_back(bind_to(host + ":0"));
  return local_address(held.back());
}

bool wait_readable(const Socket& socket, const Deadline& deadline) {
  pollfd waited{socket.fd(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&waited, 1, deadline.poll_timeout());
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

ReadResult read_some(const Socket& socket, std::string& into, const Deadline& deadline) {
  if (!wait_readable(socket, deadline)) return ReadResult::timeout;
  thread_local std::vector<char> bytes(256 * 1024);
  const ssize_t count = ::recv(socket.fd(), bytes.data(), bytes.size(), 0);
  if (count == 0) return ReadResult::end;
  if (count < 0) return ReadResult::reset;
  into.append(bytes.data(), static_cast<std::size_t>(count));
  return ReadResult::bytes;
}

bool send_all(const Socket& socket, std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    pollfd waited{socket.fd(), POLLOUT, 0};
    if (::poll(&waited, 1, deadline.poll_timeout()) <= 0 && errno != EINTR) return false;
    const ssize_t sent =
        ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (deadline.passed()) return false;
  }
  return true;
}

}  // namespace sluice::tests
