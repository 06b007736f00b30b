// SPDX-License-Identifier: MIT
// The listen addresses that a configuration wants: opened for all workers, kept over reloads.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "confparse/settings/settings.h"
#include "net/descriptor.h"
#include "proxy/http1_client.h"

namespace sluice::app {

// From whom a listening socket is.
enum class Origin : std::uint8_t { ours, predecessor, service_manager };

// A listen address that is open, as a rule with a socket for each worker.
struct ListenSockets {
  std::string configured;  // as in the configuration: "127.0.0.1:0"
  net::Address bound;      // what it became
  std::vector<net::Descriptor> sockets;
  Origin origin = Origin::ours;
};

struct OpenAddress {
  std::string configured;
  net::Address bound;
};
std::vector<OpenAddress> addresses_of(const std::vector<ListenSockets>& open);

// Each address that the configuration listens on, once.
std::vector<std::string> listen_addresses(const confparse::Settings& settings);
// Does the configuration listen there?
bool wants(const confparse::Settings& settings, const std::string& configured);

struct Opened {
  std::vector<ListenSockets> addresses;
  std::string error;  // "bind() to 0.0.0.0:80 failed (98: Address already in use)"; nothing is open
};

// Opens what the configuration wants beyond `open`, each for so many workers.  For an address that
// is taken it waits no longer than `patience`: a predecessor that is just ending will be gone.
Opened open_missing(const confparse::Settings& settings, std::span<const OpenAddress> open,
                    std::size_t workers, std::chrono::milliseconds patience);

// The files of unix: paths go with their sockets, as in nginx: but not those of the service
// manager, nor what a predecessor still serves itself.
void remove_files(std::span<const ListenSockets> addresses, bool predecessor_is_there);

// The addresses as the clients of this process know them.
class ListenPoints {
 public:
  const proxy::ListenPoint& add(const ListenSockets& sockets);
  // Those the configuration does not want any more.  They stay valid: clients may refer to them.
  std::vector<const proxy::ListenPoint*> retire_unwanted(const confparse::Settings& settings);
  [[nodiscard]] std::vector<OpenAddress> open() const;

 private:
  std::vector<std::unique_ptr<proxy::ListenPoint>> open_;
  std::vector<std::unique_ptr<proxy::ListenPoint>> retired_;
};

}  // namespace sluice::app
