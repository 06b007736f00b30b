// SPDX-License-Identifier: MIT
// Who asks for what: the clients and URIs of the simulated requests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulate/options.h"
#include "simulate/random_numbers.h"

namespace sluice::simulate {

struct Client {
  std::string text;   // "192.0.2.7", "2001:db8::1"
  std::string bytes;  // as they are on the wire: 4 or 16
};

struct Workload {
  std::vector<Client> clients;              // each once
  std::vector<std::string> uris;            // each once
  std::vector<std::uint32_t> client_order;  // lines of the file; empty: by chance
  std::vector<std::uint32_t> uri_order;
};

// Throws Error when a file cannot be read, is empty, or has a line that is no address.
Workload make_workload(const Options& options);

struct Request {
  std::uint32_t client;
  std::uint32_t uri;
};

// One request after the other; the same again from the same seed.
class Requests {
 public:
  Requests(const Workload& workload, std::uint64_t seed) : workload_(workload), chance_(seed) {}

  Request next();

 private:
  const Workload& workload_;
  RandomNumbers chance_;
  std::uint64_t sent_ = 0;
};

}  // namespace sluice::simulate
