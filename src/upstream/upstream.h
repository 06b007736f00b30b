// SPDX-License-Identifier: MIT
// A configured group of peers, shared by all workers: who may be asked, and how they fared.
//
// Thread-safe: one small lock, held for a pick and for a report only.  Knows no HTTP.
#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balancers/balancer.h"
#include "confparse/settings/upstream.h"
#include "upstream/endpoint.h"

namespace sluice::upstream {

using balancers::Clock;

// Which peer to ask, and where it is.
struct Asked {
  balancers::PeerIndex index = 0;
  bool backup = false;
  const Endpoint* endpoint = nullptr;  // lives as long as the Upstream
};

// What a report changed in the peer's health, for the error log.
enum class HealthChange : std::uint8_t { none, rests, recovered };

// What one exchange remembers of its dealings with an upstream.  Reused: restart() keeps memory.
class Tries {
 public:
  // `key` and `client_address` must stay alive while tries are made.
  void restart(std::string_view client_address, std::string_view key);

 private:
  friend class Upstream;
  bool started_ = false;
  bool on_backups_ = false;
  std::uint32_t left_ = 0;            // further peers this exchange may ask
  std::vector<std::uint64_t> tried_;  // bit set of the present group
  balancers::RequestState state_;
  std::string_view client_address_;
  std::string_view key_;
};

// The id of all upstreams that a request implied: their connections are kept in one table.
inline constexpr std::size_t kRuntimeId = std::numeric_limits<std::size_t>::max();

class Upstream {
 public:
  // One server line with the addresses its name has now; none: it waits for add_addresses().
  struct Server {
    const confparse::UpstreamServer* settings;
    std::vector<net::Address> addresses;
  };

  // `id` tells upstreams apart in the workers' tables of kept connections.
  Upstream(const confparse::UpstreamSettings& settings, std::span<const Server> servers,
           std::size_t id);

  [[nodiscard]] const std::string& name() const { return settings_.name; }
  [[nodiscard]] const confparse::UpstreamSettings& settings() const { return settings_; }
  [[nodiscard]] std::size_t id() const { return id_; }

  // The next peer to ask, or nothing: no live upstreams.  Counts a connection until report().
  std::optional<Asked> next(Tries& tries, Clock::time_point now);
  // May this exchange ask another peer after a failure?
  [[nodiscard]] static bool may_retry(const Tries& tries) { return tries.left_ > 0; }
  // The head of the answer has come; its body follows.
  void answered(const Asked& asked, const balancers::Outcome& outcome);
  // The attempt is over.
  HealthChange report(const Asked& asked, const balancers::Outcome& outcome);

  // A name that did not resolve at the start does now: its peers join at the end of their group.
  void add_addresses(const confparse::UpstreamServer& server,
                     const std::vector<net::Address>& addresses);
  // Strategies that leave it to chance go on from this number.
  void seed(std::uint64_t number);
  // The same peers in the same order?
  [[nodiscard]] bool has_peers_of(Upstream& other);
  [[nodiscard]] bool has_addresses(const confparse::UpstreamServer& server);

 private:
  struct Group {
    std::vector<balancers::Peer> peers;
    std::vector<std::unique_ptr<Endpoint>> endpoints;
    std::unique_ptr<balancers::Balancer> balancer;  // the same from the start on
    balancers::Candidates candidates;
  };

  void add_peers(const confparse::UpstreamServer& server,
                 const std::vector<net::Address>& addresses);
  void make_balancers();
  std::optional<Asked> pick(Group& group, Tries& tries, Clock::time_point now);
  [[nodiscard]] bool is_single() const;

  const confparse::UpstreamSettings settings_;
  const std::size_t id_;
  std::mutex lock_;
  Group primaries_;
  Group backups_;
};

}  // namespace sluice::upstream
