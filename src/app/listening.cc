// SPDX-License-Identifier: MIT
#include "app/listening.h"

#include <algorithm>

#include "net/listener.h"

namespace sluice::app {

namespace {

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

}  // namespace

ListenChanges Listening::change_to(const confparse::Settings& settings) {
  const std::vector<const confparse::Listen*> wanted = wanted_listens(settings);
  ListenChanges changes;
  std::vector<std::unique_ptr<proxy::ListenPoint>> fresh;
  std::vector<std::uint16_t> own_ports;
  for (const auto& point : open_) {
    own_ports.push_back(point->bound.port());
  }
  for (const confparse::Listen* listen : wanted) {
    const std::string& address = listen->address;
    if (std::ranges::find(open_, address, [](const auto& point) { return point->configured; }) !=
        open_.end()) {
      continue;
    }
    auto point = std::make_unique<proxy::ListenPoint>();
    point->configured = address;
    const auto parsed = net::Address::parse(address);
    if (!parsed) {
      changes.error = "cannot listen on \"" + address + "\"";
      return changes;
    }
    point->bound = *parsed;
    // 0.0.0.0:80 beside 127.0.0.1:80 is fine when both are ours.
    const bool is_ours = std::ranges::find(own_ports, parsed->port()) != own_ports.end();
    net::OpenedListeners opened = net::open_listeners(
        point->bound, workers_, {listen->backlog, listen->ipv6only, /*refuse_shared=*/!is_ours});
    if (opened.error) {
      changes.error = std::string(opened.step) + " to " + address + " failed (" +
                      std::to_string(opened.error.value()) + ": " + opened.error.message() + ")";
      changes.opened.clear();
      return changes;
    }
    own_ports.push_back(point->bound.port());
    changes.opened.push_back({point.get(), std::move(opened.sockets)});
    fresh.push_back(std::move(point));
  }
  for (auto& point : open_) {
    const bool stays = std::ranges::any_of(wanted, [&](const confparse::Listen* listen) {
      return listen->address == point->configured;
    });
    if (!stays) {
      changes.gone.push_back(point.get());
      retired_.push_back(std::move(point));
    }
  }
  std::erase(open_, nullptr);
  std::ranges::move(fresh, std::back_inserter(open_));
  return changes;
}

}  // namespace sluice::app
