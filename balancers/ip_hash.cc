// SPDX-License-Identifier: MIT
// A client stays with its peer: the peer follows from the client's address, as in nginx.
// Of IPv4 only the first three octets count, so that a /24 stays together.
#include "balancers/smooth_weighted.h"
#include "balancers/strategies.h"
#include "balancers/weight_table.h"

namespace sluice::balancers {
namespace {

constexpr std::uint32_t kFirstHash = 89;
constexpr std::uint32_t kMaxRehashes = 20;

// The bytes that count.  A client on a Unix socket has none: all of these share one peer.
std::string_view network_of(std::string_view address) {
  constexpr std::string_view kZeros{"\0\0\0", 3};
  switch (address.size()) {
    case 4:
      return address.substr(0, 3);
    case 16:
      return address;
    default:
      return kZeros;
  }
}

std::uint32_t hash_on(std::uint32_t hash, std::string_view bytes) {
  for (const char byte : bytes) {
    hash = (hash * 113 + static_cast<unsigned char>(byte)) % 6271;
  }
  return hash;
}

class IpHash final : public Balancer {
 public:
  explicit IpHash(std::span<const Peer> peers) : weights_(peers) {}

  PeerIndex pick(const Choice& choice) override {
    RequestState& request = choice.request;
    if (!request.started) {
      request.started = true;
      request.hash = kFirstHash;
    }
    weights_.follow(choice.peers);
    const std::string_view network = network_of(choice.client_address);
    while (choice.peers.size() > 1 && request.rehashes <= kMaxRehashes) {
      request.hash = hash_on(request.hash, network);
      const PeerIndex peer = weights_.owner(request.hash);
      if (choice.candidates.contains(peer)) {
        return peer;
      }
      ++request.rehashes;
    }
    return smooth_pick(choice);
  }

 private:
  WeightTable weights_;
};

}  // namespace

std::unique_ptr<Balancer> make_ip_hash(Words, std::span<const Peer> peers) {
  return std::make_unique<IpHash>(peers);
}

}  // namespace sluice::balancers
