// SPDX-License-Identifier: MIT
// Tells a service manager how we are (systemd's sd_notify protocol): a datagram to $NOTIFY_SOCKET.
#pragma once

#include <string>

namespace sluice::app {

class Notify {
 public:
  // Reads the variable: before `env` takes it away.
  Notify();

  // We serve, with this process in charge.
  void ready() const;
  void reloading() const;
  void stopping() const;

  // To pass on to a new binary; empty: nobody wants to know.
  [[nodiscard]] const std::string& socket() const { return socket_; }

 private:
  void send(const std::string& lines) const;

  std::string socket_;
};

}  // namespace sluice::app
