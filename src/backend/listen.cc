// SPDX-License-Identifier: MIT
#include "backend/listen.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sluice::backend {
namespace {

constexpr int kBacklog = 4096;

[[noreturn]] void fail(const std::string& where, const char* why) {
  std::fprintf(stderr, "sluice-backend: cannot listen on %s: %s\n", where.c_str(), why);
  std::exit(1);
}

int open_unix(const std::string& where, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) fail(where, "invalid path");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  ::unlink(path.c_str());  // left by a predecessor
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(where, std::strerror(errno));
  }
  return socket;
}

int open_tcp(const std::string& where, int& family) {
  const auto colon = where.rfind(':');
  if (colon == std::string::npos) fail(where, "no port");
  std::string host = where.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), where.c_str() + colon + 1, &hints, &found);
  if (error != 0) fail(where, ::gai_strerror(error));

  family = found->ai_family;
  const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket, found->ai_addr, found->ai_addrlen) != 0) fail(where, std::strerror(errno));
  ::freeaddrinfo(found);
  return socket;
}

// `where` with the port that the socket really has.
std::string bound_address(int socket, const std::string& where) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return where;
  const in_port_t port = address.ss_family == AF_INET
                             ? reinterpret_cast<const sockaddr_in&>(address).sin_port
                             : reinterpret_cast<const sockaddr_in6&>(address).sin6_port;
  return where.substr(0, where.rfind(':') + 1) + std::to_string(ntohs(port));
}

}  // namespace

Listener open_listener(const std::string& where, const std::string& name) {
  Listener listener;
  if (where.starts_with("unix:")) {
    listener.family = AF_UNIX;
    listener.socket = open_unix(where, where.substr(5));
    listener.address = where;
  } else {
    listener.socket = open_tcp(where, listener.family);
    listener.address = bound_address(listener.socket, where);
  }
  if (::listen(listener.socket, kBacklog) != 0) fail(where, std::strerror(errno));
  listener.name = name.empty() ? listener.address : name;
  listener.greeting = listener.name + '\n';
  return listener;
}

}  // namespace sluice::backend
