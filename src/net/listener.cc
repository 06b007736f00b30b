// SPDX-License-Identifier: MIT
#include "net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

#include <cerrno>

#include "net/socket.h"

namespace sluice::net {
namespace {

void set_option(const Descriptor& socket, int level, int name, int value) {
  ::setsockopt(socket.get(), level, name, &value, sizeof value);
}

Descriptor new_socket(const Address& address) {
  return Descriptor{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

// A path left over by a process that is gone may be taken; a live one may not.
bool is_stale_path(const Address& address) {
  struct stat status {};
  if (::stat(address.unix_path().c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return false;
  }
  const Descriptor probe = new_socket(address);
  return ::connect(probe.get(), address.get(), address.size()) != 0 && errno == ECONNREFUSED;
}

struct Opening {
  Descriptor socket;
  std::error_code error;
  const char* step = "";
};

Opening failed(const char* step) {
  return {Descriptor{}, last_system_error(), step};
}

Opening open_one(const Address& address, const ListenOptions& options, bool share) {
  Opening opening{new_socket(address), {}, ""};
  if (!opening.socket) {
    return failed("socket()");
  }
  if (!address.is_unix()) {
    set_option(opening.socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (share) {
      set_option(opening.socket, SOL_SOCKET, SO_REUSEPORT, 1);
    }
    if (address.family() == AF_INET6) {
      set_option(opening.socket, IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6only ? 1 : 0);
    }
  }
  if (::bind(opening.socket.get(), address.get(), address.size()) != 0) {
    return failed("bind()");
  }
  return opening;
}

}  // namespace

OpenedListeners open_listeners(Address& address, std::size_t count, const ListenOptions& options) {
  OpenedListeners result;
  const auto give_up = [&](Opening& opening) {
    result.sockets.clear();
    result.error = opening.error;
    result.step = opening.step;
  };
  if (address.is_unix()) {
    if (is_stale_path(address)) {
      ::unlink(address.unix_path().c_str());
    }
  } else if (address.port() != 0 && options.refuse_shared) {
    // SO_REUSEPORT would silently share with another server of the same user: ask without it.
    Opening probe = open_one(address, options, /*share=*/false);
    if (probe.socket && ::listen(probe.socket.get(), 1) != 0) {
      probe = failed("listen()");
    }
    if (!probe.socket) {
      give_up(probe);
      return result;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    Opening opening;
    if (address.is_unix() && i > 0) {
      opening.socket = Descriptor{::fcntl(result.sockets[0].get(), F_DUPFD_CLOEXEC, 0)};
    } else {
      opening = open_one(address, options, /*share=*/true);
      if (opening.socket && ::listen(opening.socket.get(), options.backlog) != 0) {
        opening = failed("listen()");
      }
    }
    if (!opening.socket) {
      give_up(opening);
      return result;
    }
    if (i == 0 && address.is_unix()) {
      // Whoever may enter its folder may connect, as in nginx.
      ::chmod(address.unix_path().c_str(), 0666);
    } else if (i == 0) {
      sockaddr_storage bound{};
      socklen_t size = sizeof bound;
      ::getsockname(opening.socket.get(), reinterpret_cast<sockaddr*>(&bound), &size);
      address = Address{reinterpret_cast<sockaddr*>(&bound), size};
    }
    result.sockets.push_back(std::move(opening.socket));
  }
  return result;
}

Listener::Listener(Loop& loop, Descriptor socket, Accepted accepted, AcceptFailed failed)
    : socket_(std::move(socket)),
      watch_(loop, socket_.get(), Watch::Trigger::level),
      accepted_(std::move(accepted)),
      failed_(std::move(failed)) {
  // Those that it accepts inherit it.  A unix: socket knows nothing of it.
  set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  spawn(accept_all());
}

Listener::~Listener() {
  watch_.cancel();
}

Task<void> Listener::accept_all() {
  for (;;) {
    const std::error_code error = co_await wait(kForever, Interest{&watch_, Until::readable});
    if (error) {
      co_return;
    }
    watch_.clear(Until::readable);  // level-triggered: said again while somebody queues
    if (accept_some()) {
      continue;
    }
    // Out of descriptors or memory: nginx rests for half a second too.
    watch_.pause();
    const std::error_code rest =
        co_await wait(Milliseconds{500}, Interest{&watch_, Until::hung_up});
    if (rest == Errc::cancelled) {
      co_return;
    }
    watch_.resume();
  }
}

// Clients that come in bursts are taken together, which spares a look at the world for each; after
// one who came alone, nobody is looked for most of the time.  False: it had better rest.
bool Listener::accept_some() {
  constexpr unsigned kMostAtOnce = 16;
  constexpr unsigned kProbeEvery = 16;
  for (unsigned accepted = 0; accepted < kMostAtOnce; ++accepted) {
    if (accepted == 1 && !comes_in_bursts_ && ++alone_ % kProbeEvery != 0) {
      return true;
    }
    const std::error_code why = accept_one();
    if (accepted > 0) {
      comes_in_bursts_ = accepted > 1 || !why;
    }
    if (why) {
      const int code = why.value();
      return code == EAGAIN || code == EINTR || code == ECONNABORTED || failed_(why);
    }
  }
  return true;
}

std::error_code Listener::accept_one() {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  Descriptor client{::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&from), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!client) {
    return last_system_error();
  }
  auto stream =
      std::make_unique<Socket>(watch_.loop(), std::move(client), Socket::State::connected);
  accepted_(std::move(stream), Address{reinterpret_cast<sockaddr*>(&from), size});
  return {};
}

}  // namespace sluice::net
