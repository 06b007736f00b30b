// SPDX-License-Identifier: MIT
// Listening sockets: opened once by the process, accepted from by each worker.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/address.h"
#include "net/descriptor.h"
#include "net/stream.h"

namespace sluice::net {

struct ListenOptions {
  int backlog = 511;
  bool ipv6only = true;
  bool refuse_shared = true;  // somebody else on this address and port is an error
};

// Opens `count` sockets that share `address` (SO_REUSEPORT; a unix: path has one socket, shared by
// duplicates), so that the kernel spreads the connections over the workers.  A port of 0 is chosen
// by the system and written back into `address`.
struct OpenedListeners {
  std::vector<Descriptor> sockets;
  std::error_code error;
  const char* step = "";  // what failed: "socket()", "bind()", "listen()"
};
OpenedListeners open_listeners(Address& address, std::size_t count, const ListenOptions& options);

// A new client: its connection and where it comes from.
using Accepted = std::function<void(std::unique_ptr<Stream> client, const Address& remote)>;

// accept() failed for want of descriptors or memory.  True: room was made, it may try again at
// once.
using AcceptFailed = std::function<bool(std::error_code)>;

class Listener {
 public:
  // Accepts until destroyed or the loop stops.
  Listener(Loop& loop, Descriptor socket, Accepted accepted, AcceptFailed failed);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  Task<void> accept_all();
  bool accept_some();
  std::error_code accept_one();

  Descriptor socket_;
  Watch watch_;
  Accepted accepted_;
  AcceptFailed failed_;
  bool comes_in_bursts_ = false;
  unsigned alone_ = 0;  // clients that came while nobody else was expected
};

}  // namespace sluice::net
