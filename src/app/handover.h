// SPDX-License-Identifier: MIT
// Listening sockets on their way from one process to another: over the link.
#pragma once

#include <optional>

#include "app/link.h"
#include "app/listening.h"

namespace sluice::app {

bool send_sockets(Link& link, const ListenSockets& address);
std::optional<ListenSockets> sockets_of(Message message);

}  // namespace sluice::app
