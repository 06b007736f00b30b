// SPDX-License-Identifier: MIT
#include "app/handover.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace sluice::app {
namespace {

std::optional<net::Address> bound_address(const net::Descriptor& socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return std::nullopt;
  }
  return net::Address{reinterpret_cast<sockaddr*>(&bound), size};
}

constexpr const char* kVariable = "NGINX";
constexpr const char* kPredecessor = "SLUICE_PREDECESSOR";  // nginx has none of it
constexpr int kFirstOfSystemd = 3;

int number_in(std::string_view text) {
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int option_of(int socket, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

// What is no listening socket is not ours to touch.
void add_inherited(int number, Origin origin, std::vector<ListenSockets>& addresses) {
  if (number < kFirstOfSystemd || option_of(number, SO_ACCEPTCONN) != 1 ||
      option_of(number, SO_TYPE) != SOCK_STREAM) {
    return;
  }
  net::Descriptor socket{number};
  const auto bound = bound_address(socket);
  if (!bound) {
    return;
  }
  ::fcntl(number, F_SETFD, FD_CLOEXEC);
  ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
  auto known = std::ranges::find(addresses, *bound, &ListenSockets::bound);
  if (known == addresses.end()) {
    addresses.push_back({{}, *bound, {}, origin});
    known = addresses.end() - 1;
  }
  known->sockets.push_back(std::move(socket));
}

// Is it what `listen` asks for?  Port 0 means: any.
bool fits(const net::Address& bound, net::Address wanted) {
  if (wanted.port() == 0 && !wanted.is_unix()) {
    wanted.set_port(bound.port());
  }
  return bound == wanted;
}

}  // namespace

bool send_sockets(Link& link, const ListenSockets& address) {
  std::vector<int> numbers;
  for (const net::Descriptor& socket : address.sockets) {
    numbers.push_back(socket.get());
  }
  return link.send(Topic::listen, address.configured, numbers);
}

std::optional<ListenSockets> sockets_of(Message message) {
  if (message.descriptors.empty()) {
    return std::nullopt;
  }
  const auto bound = bound_address(message.descriptors.front());
  if (!bound) {
    return std::nullopt;
  }
  return ListenSockets{std::move(message.text), *bound, std::move(message.descriptors)};
}

Inherited take_inherited() {
  Inherited result;
  if (const char* variable = std::getenv(kVariable)) {
    const char* number = std::getenv(kPredecessor);
    result.predecessor = number != nullptr ? number_in(number) : ::getppid();
    std::string_view rest = variable;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(";:"), rest.size());
      add_inherited(number_in(rest.substr(0, end)), Origin::predecessor, result.addresses);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  const char* process = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (process != nullptr && count != nullptr && number_in(process) == ::getpid()) {
    for (int i = 0; i < number_in(count); ++i) {
      add_inherited(kFirstOfSystemd + i, Origin::service_manager, result.addresses);
    }
  }
  for (const char* name : {kVariable, kPredecessor, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    ::unsetenv(name);
  }
  return result;
}

std::vector<ListenSockets> claim(const confparse::Settings& settings, Inherited inherited,
                                 std::size_t workers) {
  std::vector<ListenSockets> claimed;
  for (const std::string& configured : listen_addresses(settings)) {
    const auto wanted = net::Address::parse(configured);
    const auto found = std::ranges::find_if(inherited.addresses, [&](const ListenSockets& known) {
      return wanted && !known.sockets.empty() && fits(known.bound, *wanted);
    });
    if (found == inherited.addresses.end()) {
      continue;
    }
    // One that shares its address with nobody (of nginx, of systemd) is shared by all workers.
    const std::size_t given = found->sockets.size();
    for (std::size_t i = given; i < workers; ++i) {
      found->sockets.emplace_back(::fcntl(found->sockets[i % given].get(), F_DUPFD_CLOEXEC, 0));
    }
    claimed.push_back({configured, found->bound, std::move(found->sockets), found->origin});
    found->sockets.clear();
  }
  return claimed;
}

std::vector<std::string> hand_over(const std::vector<ListenSockets>& addresses, pid_t from) {
  std::string variable = std::string(kVariable) + "=";
  for (const ListenSockets& address : addresses) {
    for (const net::Descriptor& socket : address.sockets) {
      ::fcntl(socket.get(), F_SETFD, 0);
      variable += std::to_string(socket.get()) + ";";
    }
  }
  return {variable, std::string(kPredecessor) + "=" + std::to_string(from)};
}

}  // namespace sluice::app
