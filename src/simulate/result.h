// SPDX-License-Identifier: MIT
// What came of one method.  Whole numbers only: shares and means are made where they are printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulate/options.h"
#include "simulate/request_keys.h"

namespace sluice::simulate {

struct Pick {
  std::int32_t peer = -1;  // -1: no live upstreams
  bool failed = false;
};

struct PeerResult {
  std::uint64_t answered = 0;  // or about to, when the run ended
  std::uint64_t failed = 0;    // attempts that were refused
  Micros waited{};             // all its answers together
};

// Something happened to a peer.
struct Event {
  enum class Kind : std::uint8_t { down, up, rests, recovered };
  Kind kind;
  std::size_t peer;
  std::uint64_t request;  // how many had been sent
  Micros time;
};

// How the units fared between two changes of --down, compared with the time before.
struct Move {
  std::vector<Event> causes;
  std::uint64_t seen = 0;    // units that were answered before and after
  std::uint64_t moved = 0;   // by another peer
  std::uint64_t forced = 0;  // of these: their peer was down
};

// One server more or less in the configuration.
struct Change {
  std::string text;
  std::uint64_t moved = 0;
  std::uint64_t least = 0;  // so few would do
};

struct Response {
  Micros sum{};
  Micros p50{};
  Micros p99{};
  Micros longest{};
};

struct Result {
  std::string method;
  Unit unit = Unit::none;
  std::size_t units = 0;
  std::vector<Pick> first_picks;
  std::vector<PeerResult> peers;
  std::uint64_t requests = 0;
  std::uint64_t answered = 0;
  std::uint64_t unanswered = 0;  // 502
  std::uint64_t next_peer = 0;   // attempts after a failed one
  Response response;             // of the answered
  Micros duration{};
  std::uint64_t slice = 0;               // answered requests to a slice
  std::vector<std::uint32_t> imbalance;  // of each slice, in thousandths
  std::uint64_t returning = 0;           // requests of a unit that was answered before
  std::uint64_t stayed = 0;              // of these: by the same peer
  std::vector<Event> events;
  std::uint64_t more_events = 0;           // beyond the first kMostEvents
  std::vector<std::size_t> still_resting;  // peers that are up again, but it was not noticed yet
  std::vector<Move> moves;
  std::vector<Change> changes;
};

inline constexpr std::size_t kFirstPicks = 60;
inline constexpr std::size_t kMostEvents = 20;

}  // namespace sluice::simulate
