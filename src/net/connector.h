// SPDX-License-Identifier: MIT
// A new connection to a peer.
#pragma once

#include <memory>
#include <system_error>

#include "net/address.h"
#include "net/stream.h"

namespace sluice::net {

struct Connected {
  std::unique_ptr<Stream> stream;  // null with an error
  std::error_code error;           // the system's, Errc::timed_out or Errc::cancelled
  bool at_bind = false;            // it is ConnectOptions::local that cannot be
};

struct ConnectOptions {
  const Address* local = nullptr;  // where the connection comes from; null: the system's choice
  bool transparent = false;  // `local` need not be an address of this machine (IP_TRANSPARENT)
  bool keep_alive = false;   // TCP probes a silent connection (SO_KEEPALIVE)
};

// Connects to `address` within `timeout`.  `unless` (when it names a watch) calls it off with
// Errc::cancelled: the client for whom this is done has hung up.
Task<Connected> connect(Loop& loop, const Address& address, Milliseconds timeout, Interest unless,
                        ConnectOptions options = {});

}  // namespace sluice::net
