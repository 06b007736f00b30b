// SPDX-License-Identifier: MIT
// Bytes over unix: sockets, of which a sender can see what the receiver has read.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/sockets.h"

namespace sluice::tests::attacks {

// Until the other side has read all that was sent, or closed: then nobody waits for it.
void wait_until_read(const Socket& socket, const Deadline& deadline);

// Until the other side ends or resets the connection.
std::string read_all(const Socket& socket, const Deadline& deadline);

// "200 204": of the answers' first lines but for 100; no body of the tables looks like one.
std::string statuses_in(std::string_view answers);

}  // namespace sluice::tests::attacks
