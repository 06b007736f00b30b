// SPDX-License-Identifier: MIT
// "127.0.0.1:0", "[::1]:8000" or "unix:/path" becomes a listening socket.
#pragma once

#include <string>

namespace sluice::backend {

struct Listener {
  int socket = -1;
  int family = 0;
  std::string address;   // with the port the system chose
  std::string name;      // X-Backend
  std::string greeting;  // what "/" answers: the name and a newline
};

// `name` empty: the address.  Prints what is wrong and exits if that cannot be.
Listener open_listener(const std::string& where, const std::string& name);

}  // namespace sluice::backend
