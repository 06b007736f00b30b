// SPDX-License-Identifier: MIT
// Everything that can go wrong in an exchange, and the one table that says whose fault it is, what
// the client gets, and whether the next peer may be asked.
#pragma once

#include <cstdint>
#include <string_view>
#include <system_error>

#include "confparse/settings/proxy.h"

namespace sluice::proxy {

enum class Trouble : std::uint8_t {
  none,
  // The client's.
  client_gone,       // closed its connection before its answer was complete
  client_timed_out,  // took too long to send its body, or to take its answer
  bad_body,          // the framing of its body is in doubt
  body_too_large,    // more than client_max_body_size
  // A peer's.
  connect_failed,
  connect_timed_out,
  send_failed,
  send_timed_out,
  closed_early,  // before its answer was complete
  read_failed,
  read_timed_out,
  invalid_head,
  head_too_big,  // for proxy_buffer_size
  no_live_peers,
  // Ours.
  bind_failed,  // proxy_bind
  out_of_resources,
  disk_failed,  // a temporary file could not be written or read
};

enum class Side : std::uint8_t { client, peer, self };

struct Failure {
  Trouble trouble = Trouble::none;
  std::error_code error;         // the system's, when there is one
  std::string_view detail = {};  // for the log; valid until the next attempt

  explicit operator bool() const { return trouble != Trouble::none; }
};

struct Verdict {
  Side side;
  std::uint16_t status;                 // for the client; 499 when there is nobody to tell
  bool confparse::NextUpstream::*word;  // the word of proxy_next_upstream; null: never retried
  std::string_view text;                // nginx's, for the error log
};

const Verdict& verdict(Trouble trouble);

}  // namespace sluice::proxy
