// SPDX-License-Identifier: MIT
#include "app/handover.h"

#include <sys/socket.h>

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

}  // namespace sluice::app
