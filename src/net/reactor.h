// SPDX-License-Identifier: MIT
// epoll: tells watches that their descriptors may be ready.  One per loop, one thread.
//
// Why our own beside Asio's: docs/decisions/0001-readiness-transport.md.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <system_error>

#include "net/watch.h"

namespace sluice::net {

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  void add(Watch& watch);
  void remove(Watch& watch);
  void listen_to(const Watch& watch, std::uint32_t events);

  // Connections under its eyes, whichever side began them.  (Level triggers are listening sockets.)
  [[nodiscard]] std::size_t connections() const { return connections_; }

  // Sleeps until something has happened, `most` milliseconds at the longest (-1: for ever).
  void sleep(int most);
  // Handles what sleep() found.
  void turn();

  // Calls every wait off; used once, at the end.
  void cancel_all();

 private:
  void dispatch(Watch& watch, std::uint32_t events);

  static constexpr std::size_t kBatch = 256;
  int epoll_;
  Watch* watches_ = nullptr;
  Watch* current_ = nullptr;  // being dispatched; null once it was removed meanwhile
  std::size_t connections_ = 0;
  std::size_t cursor_ = 0;  // events_[cursor_, count_) are still to come
  std::size_t count_ = 0;
  std::array<epoll_event, kBatch> events_;
};

}  // namespace sluice::net
