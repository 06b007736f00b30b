// SPDX-License-Identifier: MIT
#include "app/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "net/descriptor.h"

namespace sluice::app {

Notify::Notify() {
  if (const char* path = std::getenv("NOTIFY_SOCKET")) {
    socket_ = path;
  }
}

void Notify::ready() const {
  send("READY=1\nMAINPID=" + std::to_string(::getpid()) + "\n");
}

// `Type=notify-reload` wants to know that it is this reload we speak of, hence the time.
void Notify::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  send("RELOADING=1\nMONOTONIC_USEC=" +
       std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1000) + "\n");
}

void Notify::stopping() const {
  send("STOPPING=1\n");
}

// Never waits, and fails in silence: whoever does not listen has missed it.
void Notify::send(const std::string& lines) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path ||
      (socket_.front() != '/' && socket_.front() != '@')) {
    return;
  }
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') {
    address.sun_path[0] = '\0';  // Linux's abstract names
  }
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const net::Descriptor socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ::sendto(socket.get(), lines.data(), lines.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace sluice::app
