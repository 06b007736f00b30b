// SPDX-License-Identifier: MIT
// Which peer each client, URI or key is at; how many moved when a peer went or came.
#pragma once

#include <cstdint>
#include <vector>

#include "simulate/peer_clock.h"
#include "simulate/result.h"

namespace sluice::simulate {

// A stretch of the run between two changes of --down is a phase, numbered from 0.
class Homes {
 public:
  explicit Homes(Result& result) : result_(result) {}

  [[nodiscard]] std::uint32_t phase() const { return phase_; }
  // A peer answered a request that was sent to it in `phase`.
  void note(std::uint32_t unit, std::size_t peer, std::uint32_t phase);
  // The peers changed: a new phase begins because of that.
  void begin_phase(std::vector<Event> causes);
  void finish() { close_phase(); }

 private:
  struct Home {
    std::int32_t before = -1;  // at the end of the last phase in which it was answered
    std::int32_t now = -1;     // in this phase
  };
  void close_phase();
  [[nodiscard]] bool is_down(std::int32_t peer) const;

  Result& result_;
  std::vector<Home> homes_;
  std::vector<std::int32_t> down_;
  std::vector<Event> causes_;
  std::uint32_t phase_ = 0;
};

}  // namespace sluice::simulate
