// SPDX-License-Identifier: MIT
// One worker's kept connections to the peers of one upstream: `keepalive N`.
//
// Last in, first out.  A connection that the peer closes, or that sends something unasked, or has
// been idle for keepalive_timeout, goes at once.  Belongs to one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "confparse/settings/upstream.h"
#include "net/stream.h"
#include "upstream/endpoint.h"

namespace sluice::upstream {

// A connection to a peer, new or kept.
struct PeerConnection {
  std::unique_ptr<net::Stream> stream;
  std::uint32_t requests = 0;  // sent over it so far
  net::SteadyTime opened{};
};

class IdlePool {
 public:
  explicit IdlePool(const confparse::UpstreamSettings& settings);
  ~IdlePool();
  IdlePool(const IdlePool&) = delete;
  IdlePool& operator=(const IdlePool&) = delete;

  // A sound idle connection to this peer, or one with a null stream.  `place` is who may use it
  // again: 0 for all, else the location that made it (`keepalive N local`).
  PeerConnection take(const Endpoint& peer, std::uint64_t place = 0);
  // Keeps the connection if it may be kept.  Its last answer was read to the end.
  void put(const Endpoint& peer, PeerConnection connection, net::SteadyTime now,
           std::uint64_t place = 0);

  // False: there is none.
  bool close_oldest();

  [[nodiscard]] std::size_t size() const { return idle_.size(); }

 private:
  class Entry;

  const std::size_t most_;
  const std::uint32_t most_requests_;
  const net::Milliseconds most_age_;
  const net::Milliseconds idle_timeout_;
  std::list<Entry> idle_;   // the last used at the front
  std::list<Entry> spare_;  // nodes without a connection, so that a warm pool does not allocate
};

}  // namespace sluice::upstream
