// SPDX-License-Identifier: MIT
// The clients of a worker that wait for nothing but their next request: they may be closed at once,
// when the worker drains or has no room for others.
#pragma once

#include <cstddef>

#include "net/stream.h"

namespace sluice::proxy {

class IdleClients {
  struct Link {
    Link* next = this;
    Link* previous = this;
    net::Stream* stream = nullptr;
    bool is_new = false;
  };

 public:
  // A client is idle as long as its mark lives; one that has not had an answer yet is new.
  class Mark : private Link {
   public:
    Mark(IdleClients& clients, net::Stream& idle, bool has_asked_nothing = false)
        : clients_(clients) {
      stream = &idle;
      is_new = has_asked_nothing;
      next = &clients.list_;
      previous = clients.list_.previous;
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
  // Calls off the wait of the one that has been idle longest.  False: there is none.
  bool close_oldest() {
    if (list_.next == &list_) {
      return false;
    }
    list_.next->stream->cancel();  // ends its coroutine, and with it its mark
    return true;
  }
  void close_all() {
    while (close_oldest()) {
    }
  }
  // Only those that have had an answer: a new one is just about to ask.
  void close_kept() {
    for (std::size_t left = size_; left > 0 && list_.next != &list_; --left) {
      Link& oldest = *list_.next;
      if (oldest.is_new) {
        put_last(oldest);
      } else {
        oldest.stream->cancel();
      }
    }
  }

 private:
  void put_last(Link& link) {
    link.previous->next = link.next;
    link.next->previous = link.previous;
    link.next = &list_;
    link.previous = list_.previous;
    link.previous->next = &link;
    list_.previous = &link;
  }

  Link list_;
  std::size_t size_ = 0;
};

}  // namespace sluice::proxy
