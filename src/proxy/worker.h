// SPDX-License-Identifier: MIT
// What one worker thread owns and lends to its clients and exchanges.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/date.h"
#include "net/loop.h"
#include "proxy/generation.h"
#include "proxy/idle_clients.h"
#include "proxy/runtime_upstreams.h"
#include "proxy/unresolved_names.h"
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
  std::uint64_t reloads = 0;                     // how often it was replaced
  IdleClients idle_clients;
  IdleClients lingering_clients;  // have their answer; what they still send is thrown away
  std::uint64_t connections = 0;  // open clients
  bool draining = false;          // see drain()
  std::uint64_t next_connection_number = 1;
  std::uint64_t connection_number_step = 1;  // numbers are unique over all workers

  // QUIT came: idle clients are closed, the others after their answer; then the loop stops.
  void drain();
  // Those that connected just before and did not ask anything yet have had time enough.
  void end_new_clients();
  // A client has gone.
  void note_closed();

  // May this many connections be added to those that are open (`worker_connections`)?  When few are
  // left, the clients that have been idle longest are closed.  False: an alert was logged.
  bool has_room_for(std::size_t more);
  // Closes some connections that wait for nothing but a next request.  False: there are none.
  bool close_idle();
  // The error log, but the same kind of trouble once a second only.
  void complain_now_and_then(log::Level level, const std::string& message);

  // A reload: from now on this generation; what was found out while serving is forgotten.
  void use(std::shared_ptr<const Generation> next);

  // From now on this worker asks again for the names that did not resolve: one of them does.
  void ask_for_names();

  // The upstreams implied by requests, with the resolver they are found by.
  std::shared_ptr<RuntimeUpstreams> runtime_upstreams(const net::ResolverOptions& options);
  // Kept connections to the peers of an upstream.
  upstream::IdlePool& idle_pool(const upstream::Upstream& upstream);

  // An exchange holds several KiB; idle clients have none, so they are lent out.
  std::unique_ptr<Exchange> take_exchange();
  void give_back(std::unique_ptr<Exchange> exchange);

 private:
  // Those of earlier generations stay until nobody waits for them: never destroyed by somebody whom
  // their resolver is just telling an answer.
  std::vector<std::shared_ptr<RuntimeUpstreams>> runtime_upstreams_;
  std::vector<std::shared_ptr<RuntimeUpstreams>> retired_upstreams_;
  std::unique_ptr<upstream::IdlePool> runtime_pool_;
  std::unique_ptr<UnresolvedNames> unresolved_names_;  // null: another worker asks
  struct OwnedPool {
    std::size_t id;  // Upstream::id(): sorted by it, those that are gone are taken out
    std::unique_ptr<upstream::IdlePool> pool;
  };
  std::vector<OwnedPool> idle_pools_;
  std::vector<std::unique_ptr<Exchange>> spare_exchanges_;
  std::array<net::SteadyTime, 8> last_complaint_{};  // by level
};

}  // namespace sluice::proxy
