// SPDX-License-Identifier: MIT
// Listening sockets on their way from one process to another: over the link, or through exec.
//
// Through exec in nginx's own way, so that either may take over from the other: their numbers in
// $NGINX, "6;7;8;".  And in systemd's (socket activation): those from 3 on, $LISTEN_FDS of them.
#pragma once

#include <sys/types.h>

#include <optional>

#include "app/link.h"
#include "app/listening.h"

namespace sluice::app {

bool send_sockets(Link& link, const ListenSockets& address);
std::optional<ListenSockets> sockets_of(Message message);

struct Inherited {
  std::vector<ListenSockets> addresses;  // as bound; nothing is known of what was configured
  pid_t predecessor = 0;                 // whose USR2 we are ($NGINX); 0: nobody's
};
// Once, at the start: takes the variables away too.
Inherited take_inherited();

// Those that the configuration wants, in its order; the rest is closed.  A port of the system's
// choice is what it was for the predecessor.
std::vector<ListenSockets> claim(const confparse::Settings& settings, Inherited inherited,
                                 std::size_t workers);

// The variables that say so to the next binary, "NGINX=6;7;8;" and who we are, for we may be gone
// when it asks who its parent is.  The sockets survive exec: in a process that is about to.
std::vector<std::string> hand_over(const std::vector<ListenSockets>& addresses, pid_t from);

}  // namespace sluice::app
