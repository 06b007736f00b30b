// SPDX-License-Identifier: MIT
// How a coroutine waits in the queue of an upstream: until a peer has room, the client is gone, or
// the queue's timeout has passed.
//
//   RoomWait room{upstream, tries, loop, client.hung_up()};
//   const RoomWait::End end = co_await room;
//
// A peer's room may be found by another thread, which posts the news to this one's loop.
#pragma once

#include <coroutine>
#include <memory>
#include <optional>

#include "net/deadlines.h"
#include "net/loop.h"
#include "net/watch.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

class [[nodiscard]] RoomWait : private upstream::Waiting,
                               private net::Waiter,
                               private net::Deadline {
 public:
  enum class End : std::uint8_t { has_peer, nobody, queue_is_full, timed_out, client_gone };

  // `unless` must have a watch, by which the loop calls the wait off when it stops.
  RoomWait(upstream::Upstream& upstream, upstream::Tries& tries, net::Loop& loop,
           net::Interest unless);
  ~RoomWait();
  RoomWait(const RoomWait&) = delete;
  RoomWait& operator=(const RoomWait&) = delete;

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  End await_resume() const { return end_; }

  // The peer to be asked, which must be reported whatever the end was; empty: there is none.
  [[nodiscard]] const std::optional<upstream::Asked>& peer() const { return asked; }

 private:
  void called() override;
  void woken(net::Watch& watch, net::Until until, bool cancelled) override;
  void expired() override;
  void finish(End end);

  upstream::Upstream& upstream_;
  upstream::Tries& tries_of_request_;
  net::Loop& loop_;
  const net::Interest unless_;
  End end_ = End::nobody;
  std::coroutine_handle<> waiting_;
  // Null once nobody waits: a call may be on its way for longer than this object lives.
  std::shared_ptr<RoomWait*> self_;
};

}  // namespace sluice::proxy
