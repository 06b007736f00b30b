// SPDX-License-Identifier: MIT
#include "app/listening.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "app/complain.h"
#include "net/listener.h"

namespace sluice::app {
namespace {

using std::chrono::steady_clock;

// Each address once, in configuration order; socket options stand at any of its lines.
std::vector<const confparse::Listen*> wanted_listens(const confparse::Settings& settings) {
  std::vector<const confparse::Listen*> wanted;
  for (const confparse::ServerBlock& server : settings.http.servers) {
    for (const confparse::Listen& listen : server.listens) {
      const auto known = std::ranges::find(
          wanted, listen.address, [](const confparse::Listen* other) { return other->address; });
      if (known == wanted.end()) {
        wanted.push_back(&listen);
      } else if (listen.socket_options) {
        *known = &listen;
      }
    }
  }
  return wanted;
}

net::OpenedListeners open_patiently(net::Address& address, std::size_t workers,
                                    const net::ListenOptions& options,
                                    steady_clock::time_point until) {
  constexpr std::chrono::milliseconds kBetweenTries{10};
  for (;;) {
    net::OpenedListeners opened = net::open_listeners(address, workers, options);
    if (opened.error != std::errc::address_in_use || steady_clock::now() >= until) {
      return opened;
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace

std::vector<OpenAddress> addresses_of(const std::vector<ListenSockets>& open) {
  std::vector<OpenAddress> result;
  for (const ListenSockets& address : open) {
    result.push_back({address.configured, address.bound});
  }
  return result;
}

std::vector<std::string> listen_addresses(const confparse::Settings& settings) {
  std::vector<std::string> addresses;
  for (const confparse::Listen* listen : wanted_listens(settings)) {
    addresses.push_back(listen->address);
  }
  return addresses;
}

bool wants(const confparse::Settings& settings, const std::string& configured) {
  return std::ranges::any_of(settings.http.servers, [&](const confparse::ServerBlock& server) {
    return std::ranges::find(server.listens, configured, &confparse::Listen::address) !=
           server.listens.end();
  });
}

Opened open_missing(const confparse::Settings& settings, std::span<const OpenAddress> open,
                    std::size_t workers, std::chrono::milliseconds patience) {
  const steady_clock::time_point until = steady_clock::now() + patience;
  Opened result;
  std::vector<std::uint16_t> own_ports;
  for (const OpenAddress& known : open) {
    own_ports.push_back(known.bound.port());
  }
  for (const confparse::Listen* listen : wanted_listens(settings)) {
    const std::string& address = listen->address;
    if (std::ranges::find(open, address, &OpenAddress::configured) != open.end()) {
      continue;
    }
    const auto parsed = net::Address::parse(address);
    if (!parsed) {
      remove_files(result.addresses, /*predecessor_is_there=*/false);
      return {{}, "cannot listen on \"" + address + "\""};
    }
    ListenSockets fresh{address, *parsed, {}};
    // 0.0.0.0:80 beside 127.0.0.1:80 is fine when both are ours.
    const bool is_ours = std::ranges::find(own_ports, parsed->port()) != own_ports.end();
    net::OpenedListeners opened =
        open_patiently(fresh.bound, workers,
                       {listen->backlog, listen->ipv6only, /*refuse_shared=*/!is_ours}, until);
    if (opened.error) {
      remove_files(result.addresses, /*predecessor_is_there=*/false);
      return {{},
              std::string(opened.step) + " to " + address + " failed " +
                  system_error_text(opened.error.value())};
    }
    own_ports.push_back(fresh.bound.port());
    fresh.sockets = std::move(opened.sockets);
    result.addresses.push_back(std::move(fresh));
  }
  return result;
}

void remove_files(std::span<const ListenSockets> addresses, bool predecessor_is_there) {
  for (const ListenSockets& address : addresses) {
    const bool is_gone = address.origin == Origin::ours ||
                         (address.origin == Origin::predecessor && !predecessor_is_there);
    if (is_gone && address.bound.is_unix()) {
      ::unlink(address.bound.unix_path().c_str());
    }
  }
}

const proxy::ListenPoint& ListenPoints::add(const ListenSockets& sockets) {
  // One that was there before is taken again, so that going to and fro costs no memory.
  const auto known = std::ranges::find_if(retired_, [&](const auto& point) {
    return point->configured == sockets.configured && point->bound == sockets.bound;
  });
  if (known != retired_.end()) {
    open_.push_back(std::move(*known));
    retired_.erase(known);
  } else {
    open_.push_back(std::make_unique<proxy::ListenPoint>());
    open_.back()->configured = sockets.configured;
    open_.back()->bound = sockets.bound;
  }
  return *open_.back();
}

std::vector<const proxy::ListenPoint*> ListenPoints::retire_unwanted(
    const confparse::Settings& settings) {
  std::vector<const proxy::ListenPoint*> gone;
  for (auto& point : open_) {
    if (!wants(settings, point->configured)) {
      gone.push_back(point.get());
      retired_.push_back(std::move(point));
    }
  }
  std::erase(open_, nullptr);
  return gone;
}

std::vector<OpenAddress> ListenPoints::open() const {
  std::vector<OpenAddress> result;
  for (const auto& point : open_) {
    result.push_back({point->configured, point->bound});
  }
  return result;
}

}  // namespace sluice::app
