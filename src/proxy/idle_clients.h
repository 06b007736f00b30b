// SPDX-License-Identifier: MIT
// The clients of a worker that wait for nothing but their next request: they may be closed at once,
// when the worker drains or has no room for others.
#pragma once

#include <chrono>
#include <cstddef>

#include "net/deadlines.h"
#include "net/stream.h"

namespace sluice::proxy {

class IdleClients {
  struct Link {
    Link* next = this;
    Link* previous = this;
    net::Stream* stream = nullptr;
    net::SteadyTime since;
  };

 public:
  // A client is idle as long as its mark lives; one that has not had an answer yet is new.
  class Mark : private Link {
   public:
    Mark(IdleClients& clients, net::Stream& idle, net::SteadyTime now, bool is_new = false)
        : clients_(clients) {
      Link& list = is_new ? clients.new_ : clients.kept_;
      stream = &idle;
      since = now;
      next = &list;
      previous = list.previous;
      previous->next = this;
      next->previous = this;
      ++clients_.size_;
    }
    ~Mark() {
      --clients_.size_;
      previous->next = next;
      next->previous = previous;
    }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    IdleClients& clients_;
  };

  IdleClients() = default;
  IdleClients(const IdleClients&) = delete;
  IdleClients& operator=(const IdleClients&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  // Calls off the wait of the one that has been idle longest, but of no client that has just
  // connected: what it asks is on its way.  False: there is none.
  bool close_oldest(net::SteadyTime now) {
    const bool is_new = !is_empty(new_) &&
                        (is_empty(kept_) || first(new_).since < first(kept_).since) &&
                        asks_nothing(first(new_), now);
    if (!is_new && is_empty(kept_)) {
      return false;
    }
    close(first(is_new ? new_ : kept_));
    return true;
  }
  void close_new() { close_all_of(new_); }
  void close_kept() { close_all_of(kept_); }

 private:
  static bool is_empty(const Link& list) { return list.next == &list; }
  static Link& first(Link& list) { return *list.next; }
  static bool asks_nothing(const Link& client, net::SteadyTime now) {
    constexpr std::chrono::seconds kTimeToAsk{1};
    return now - client.since >= kTimeToAsk && !client.stream->has_news();
  }
  // Ends its coroutine, and with it its mark.
  static void close(const Link& link) { link.stream->cancel(); }
  static void close_all_of(Link& list) {
    while (!is_empty(list)) {
      close(first(list));
    }
  }

  Link new_;
  Link kept_;
  std::size_t size_ = 0;
};

}  // namespace sluice::proxy
