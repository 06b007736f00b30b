// SPDX-License-Identifier: MIT
// What one worker thread owns and lends to its clients and exchanges.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "http/date.h"
#include "net/loop.h"
#include "proxy/generation.h"
#include "proxy/idle_clients.h"
#include "upstream/idle_pool.h"

namespace sluice::proxy {

class Exchange;

struct Worker {
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  net::Loop loop;
  http::DateCache dates;
  std::shared_ptr<const Generation> generation;  // the newest; replaced by the worker itself
  IdleClients idle_clients;
  std::uint64_t connections = 0;  // open clients
  bool draining = false;          // see drain()
  std::uint64_t next_connection_number = 1;
  std::uint64_t connection_number_step = 1;  // numbers are unique over all workers

  // QUIT came: idle clients are closed, the others after their answer; then the loop stops.
  void drain();
  // A client has gone.
  void note_closed();

  // Kept connections to the peers of an upstream.
  upstream::IdlePool& idle_pool(const upstream::Upstream& upstream);

  // An exchange holds several KiB; idle clients have none, so they are lent out.
  std::unique_ptr<Exchange> take_exchange();
  void give_back(std::unique_ptr<Exchange> exchange);

 private:
  std::vector<std::unique_ptr<upstream::IdlePool>> idle_pools_;  // by Upstream::id()
  std::vector<std::unique_ptr<Exchange>> spare_exchanges_;
};

}  // namespace sluice::proxy
