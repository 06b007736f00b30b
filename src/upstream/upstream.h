// SPDX-License-Identifier: MIT
// A configured group of peers, shared by all workers: who may be asked, and how they fared.
//
// Thread-safe: one small lock, held for a pick and for a report only.  Knows no HTTP.
#pragma once

#include <atomic>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balancers/balancer.h"
#include "confparse/settings/upstream.h"
#include "upstream/endpoint.h"
#include "upstream/sessions.h"
#include "upstream/slow_start.h"

namespace sluice::upstream {

using balancers::Clock;

// Which peer to ask, and where it is.
struct Asked {
  balancers::PeerIndex index = 0;
  bool backup = false;
  const Endpoint* endpoint = nullptr;  // lives as long as the Upstream
  Clock::time_point at{};              // when it was picked
};

// What a report changed in the peer's health, for the error log.
struct HealthChange {
  enum Kind : std::uint8_t { none, rests, recovered };
  Kind kind = none;
  Clock::time_point since{};  // its rest began
  std::uint32_t fails = 0;    // how many there were by then
  std::chrono::seconds fail_timeout{0};

  friend bool operator==(const HealthChange& one, Kind other) { return one.kind == other; }
};

// What one exchange remembers of its dealings with an upstream.  Reused: restart() keeps memory.
class Tries {
 public:
  // All must stay alive while tries are made.  `bound_to`: the route of the peer this request
  // should go to, if it may be asked; empty: none.
  void restart(std::string_view client_address, std::string_view key,
               std::string_view bound_to = {});

 private:
  friend class Upstream;
  bool started_ = false;
  bool on_backups_ = false;
  std::uint32_t left_ = 0;  // further peers this exchange may ask
  using BitSet = std::vector<std::uint64_t>;
  BitSet tried_primaries_;
  BitSet tried_backups_;
  balancers::RequestState state_;
  std::string_view client_address_;
  std::string_view key_;
  std::string_view bound_to_;
};

// A request that waits in the queue of an upstream.
class Waiting {
 public:
  // The peer it got; empty until called().
  std::optional<Asked> asked;

 protected:
  ~Waiting() = default;

 private:
  friend class Upstream;
  // It has a peer, and stands in the queue no more.  From any thread, under the upstream's lock:
  // must do nothing but pass it on.
  virtual void called() = 0;

  Tries* tries_ = nullptr;  // null: it does not stand in the queue
};

// The id of all upstreams that a request implied: their connections are kept in one table.
inline constexpr std::size_t kRuntimeId = std::numeric_limits<std::size_t>::max();

class Upstream {
 public:
  // One server line with the addresses its name has now; none: it waits for add_addresses().
  struct Server {
    const confparse::UpstreamServer* settings;
    std::vector<net::Address> addresses;
  };

  // `id` tells upstreams apart in the workers' tables of kept connections.
  Upstream(const confparse::UpstreamSettings& settings, std::span<const Server> servers,
           std::size_t id);

  [[nodiscard]] const std::string& name() const { return settings_.name; }
  [[nodiscard]] const confparse::UpstreamSettings& settings() const { return settings_; }
  [[nodiscard]] std::size_t id() const { return id_; }

  // The next peer to ask, or nothing: no live upstreams.  Counts a connection until report().
  std::optional<Asked> next(Tries& tries, Clock::time_point now);
  // Would somebody be asked, were it not for max_conns, and may a request wait for that?
  enum class Place : std::uint8_t { has_peer, waits, queue_is_full, nothing_to_wait_for };
  // The same as next(); if nobody has room, the request waits until it is called or leaves.
  Place next_or_wait(Tries& tries, Clock::time_point now, Waiting& waiting);
  // Waits no more.  Afterwards it has a peer, or will never be called.
  void leave(Waiting& waiting);
  // May this exchange ask another peer after a failure?
  [[nodiscard]] static bool may_retry(const Tries& tries) { return tries.left_ > 0; }
  // The head of the answer has come; its body follows.
  void answered(const Asked& asked, const balancers::Outcome& outcome);
  // The attempt is over.
  HealthChange report(const Asked& asked, const balancers::Outcome& outcome);

  // For `sticky learn`, else null.
  [[nodiscard]] Sessions* sessions() const { return sessions_.get(); }

  // A name that did not resolve at the start does now: its peers join at the end of their group.
  void add_addresses(const confparse::UpstreamServer& server,
                     const std::vector<net::Address>& addresses);
  // Strategies that leave it to chance go on from this number.
  void seed(std::uint64_t number);
  // After a reload that changed the group: peers that stay keep their health, and sessions theirs.
  // What is in flight stays with `other`.
  void inherit(Upstream& other);
  // The same peers in the same order?
  [[nodiscard]] bool has_peers_of(Upstream& other);
  [[nodiscard]] bool has_addresses(const confparse::UpstreamServer& server);

 private:
  struct Group {
    std::vector<balancers::Peer> peers;
    std::vector<std::unique_ptr<Endpoint>> endpoints;
    std::vector<SlowStart> slow_starts;
    std::size_t slow = 0;                           // how many of these are running
    std::unique_ptr<balancers::Balancer> balancer;  // the same from the start on
    balancers::Candidates candidates;
  };

  void add_peers(const confparse::UpstreamServer& server,
                 const std::vector<net::Address>& addresses);
  void make_balancers();
  void begin(Tries& tries) const;
  std::optional<Asked> pick(Tries& tries, Clock::time_point now);
  std::optional<Asked> pick_in(Group& group, Tries& tries, Clock::time_point now);
  [[nodiscard]] bool is_open(const Group& group, std::size_t index, const Tries& tries,
                             Clock::time_point seconds) const;
  [[nodiscard]] balancers::PeerIndex find_bound(const Group& group, const Tries& tries,
                                                Clock::time_point seconds) const;
  void find_candidates(Group& group, const Tries& tries, Clock::time_point now) const;
  static void earn_shares(Group& group, Clock::time_point now);
  HealthChange note_health(Group& group, const Asked& asked, const balancers::Outcome& outcome);
  [[nodiscard]] bool waits_for_room(const Tries& tries, Clock::time_point now) const;
  [[nodiscard]] bool is_tried(const Group& group, std::size_t index, const Tries& tries) const;
  void serve_queue(Clock::time_point now);
  [[nodiscard]] bool is_single() const;

  const confparse::UpstreamSettings settings_;
  const std::size_t id_;
  std::mutex lock_;
  Group primaries_;
  Group backups_;
  std::list<Waiting*> queue_;
  std::shared_ptr<Sessions> sessions_;  // an upstream of the next generation may go on with it
};

}  // namespace sluice::upstream
