// SPDX-License-Identifier: MIT
#include "proxy/room_wait.h"

#include <utility>

namespace sluice::proxy {

using Place = upstream::Upstream::Place;

RoomWait::RoomWait(upstream::Upstream& upstream, upstream::Tries& tries, net::Loop& loop,
                   net::Interest unless)
    : upstream_(upstream),
      tries_of_request_(tries),
      loop_(loop),
      unless_(unless),
      self_(std::make_shared<RoomWait*>(this)) {}

RoomWait::~RoomWait() {
  if (waiting_) {
    upstream_.leave(*this);
  }
  *self_ = nullptr;
}

bool RoomWait::await_ready() {
  switch (upstream_.next_or_wait(tries_of_request_, loop_.steady_now(), *this)) {
    case Place::has_peer:
      end_ = End::has_peer;
      return true;
    case Place::queue_is_full:
      end_ = End::queue_is_full;
      return true;
    case Place::nothing_to_wait_for:
      end_ = End::nobody;
      return true;
    case Place::waits:
      break;
  }
  if (loop_.stopping() || unless_.watch->ready(unless_.until)) {
    upstream_.leave(*this);
    end_ = End::client_gone;
    return true;
  }
  return false;
}

void RoomWait::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  unless_.watch->set_waiter(unless_.until, this);
  loop_.deadlines().arm(*this, loop_.steady_now(), upstream_.settings().queue.timeout);
}

void RoomWait::called() {
  loop_.post([self = self_] {
    if (*self != nullptr && (*self)->waiting_) {
      (*self)->finish(End::has_peer);
    }
  });
}

void RoomWait::woken(net::Watch&, net::Until, bool) {
  upstream_.leave(*this);
  finish(End::client_gone);
}

void RoomWait::expired() {
  upstream_.leave(*this);
  finish(asked ? End::has_peer : End::timed_out);  // called at the last moment
}

void RoomWait::finish(End end) {
  unless_.watch->set_waiter(unless_.until, nullptr);
  disarm();
  end_ = end;
  std::exchange(waiting_, nullptr).resume();
}

}  // namespace sluice::proxy
