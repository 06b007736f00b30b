// SPDX-License-Identifier: MIT
// The listen addresses of the process: opened for all workers, kept over reloads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "confparse/settings/settings.h"
#include "net/descriptor.h"
#include "proxy/http1_client.h"

namespace sluice::app {

// One listen address with a socket for each worker, until they are handed out.
struct OpenedPoint {
  const proxy::ListenPoint* point;
  std::vector<net::Descriptor> sockets;
};

// What differs between the addresses open and those a configuration wants.
struct ListenChanges {
  std::vector<OpenedPoint> opened;
  std::vector<const proxy::ListenPoint*> gone;
  std::string error;  // "bind() to 0.0.0.0:80 failed (98: Address already in use)"; nothing changed
};

class Listening {
 public:
  explicit Listening(std::size_t workers) : workers_(workers) {}

  // Opens what is new.  The points that are gone stay valid: clients may still refer to them.
  ListenChanges change_to(const confparse::Settings& settings);

 private:
  std::size_t workers_;
  std::vector<std::unique_ptr<proxy::ListenPoint>> open_;
  std::vector<std::unique_ptr<proxy::ListenPoint>> retired_;
};

}  // namespace sluice::app
