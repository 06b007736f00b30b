// SPDX-License-Identifier: MIT
// A client's connection that speaks HTTP/1: request after request, until one side has enough.
#pragma once

#include <memory>
#include <string>

#include "net/address.h"
#include "net/stream.h"
#include "proxy/worker.h"

namespace sluice::proxy {

// A listening socket, as far as its clients have to know it.
struct ListenPoint {
  std::string configured;  // the listen address as in the configuration: finds the Site
  net::Address bound;      // what it became: the port is known
};

// Serves the client until its connection ends.  `point` outlives every client.
net::Task<void> serve_http1(Worker& worker, std::unique_ptr<net::Stream> stream,
                            net::Address remote, const ListenPoint& point);

}  // namespace sluice::proxy
