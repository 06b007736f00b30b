// SPDX-License-Identifier: MIT
// Who is next?  The whole interface between an upstream and a balancing strategy.
//
// The upstream (src/upstream) owns the peers and settles who may be asked: not down, not resting
// after failures, not full, not tried yet for this request.  A strategy sees the peers with their
// load, those candidates, and two strings of bytes; it knows no HTTP, no socket and no clock but
// the one it is handed.  Everything here happens under the upstream's lock: no thread rules inside.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "balancers/candidates.h"

namespace sluice::balancers {

using Clock = std::chrono::steady_clock;

// One server an upstream can ask.  Configuration order is index order; a name with N addresses is N
// peers, each with the full weight.
struct Peer {
  // From the configuration.
  std::string name;                   // as nginx prints it: "127.0.0.1:8000", "unix:/run/a.sock"
  std::string server;                 // as the configuration names it: "app.internal:8000"
  std::uint32_t weight = 1;           // at least 1
  std::uint32_t max_connections = 0;  // 0: no limit
  std::uint32_t max_fails = 1;        // 0: failures are never counted
  std::chrono::seconds fail_timeout{10};
  bool down = false;
  bool drain = false;  // asked for those who are bound to it, never by a strategy
  bool backup = false;

  // Smooth weighted round robin (smooth_weighted.h), also the fallback of most other strategies.
  // The upstream sets effective_weight to weight at first and lowers it by failures; picks raise
  // it again.
  std::int64_t effective_weight = 1;
  std::int64_t current_weight = 0;

  // Health and load, kept by the upstream.
  std::uint32_t connections = 0;    // attempts in flight
  std::uint32_t fails = 0;          // within the present fail_timeout
  Clock::time_point accessed{};     // of the last failure
  Clock::time_point checked{};      // start of the present fail_timeout window
  Clock::time_point rests_since{};  // its first failure too many; zero: it does not rest
  bool probed = false;              // its rest is over, and a request tries it
};

// What one request remembers from its first pick to its retries (nginx: peer data of a request).
struct RequestState {
  std::uint32_t hash = 0;      // ip_hash and hash go on from here
  std::uint32_t hashes = 0;    // how often the key was hashed, found peers included
  std::uint32_t rehashes = 0;  // how often that led to a peer that may not be asked
  bool started = false;        // false: first pick of this request; the strategy sets it
};

// All of it is borrowed for the call of pick() only.
struct Choice {
  std::span<Peer> peers;            // all of the group asked now: the primaries, or the backups
  const Candidates& candidates;     // who of them may be asked; never empty
  std::string_view client_address;  // ip_hash: raw network bytes, 4 or 16; empty for unix:
  std::string_view request_key;     // hash: the expanded key
  Clock::time_point now{};
  RequestState& request;
};

using PeerIndex = Candidates::Index;

// Instead of a peer: no candidate is good enough, the client gets 502 as if there were none.  Only
// `fair weight_mode=peak` ever says so.
inline constexpr PeerIndex kNobody = ~PeerIndex{0};

// How an attempt goes, told to the strategy that picked it.
struct Outcome {
  bool failed = false;
  bool called_off = false;         // the client left first: says nothing about the peer
  bool answered = false;           // answered() was called for this attempt before
  Clock::duration time_to_head{};  // from sending to the answer's head; meaningful when !failed
  Clock::time_point now{};
  Clock::time_point asked{};  // when the peer was picked; the upstream fills it in
};

class Balancer {
 public:
  virtual ~Balancer() = default;

  // One of choice.candidates, or kNobody.  Called with at least one candidate; afterwards the
  // upstream counts the attempt in the peer's `connections`.
  virtual PeerIndex pick(const Choice& choice) = 0;

  // Does answered() do anything?  If not, the upstream need not take its lock for it.
  [[nodiscard]] virtual bool wants_answered() const { return false; }

  // The head of the answer came, its body follows.  A strategy that measures time would otherwise
  // take a long download, or a WebSocket, for a peer that hangs.
  virtual void answered(std::span<Peer> /*peers*/, PeerIndex /*peer*/, const Outcome&) {}

  // The attempt at `peer` is over; `peer.connections` no longer counts it.
  virtual void report(std::span<Peer> /*peers*/, PeerIndex /*peer*/, const Outcome&) {}

  // Chance goes on from this number: the same picks each time, which a simulation needs.
  virtual void seed(std::uint64_t /*number*/) {}
};

}  // namespace sluice::balancers
