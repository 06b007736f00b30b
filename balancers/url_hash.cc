// SPDX-License-Identifier: MIT
// `hash KEY`: equal keys go to the same peer, as in nginx and Cache::Memcached.
// If that peer may not be asked, the key is hashed again with the number of the try before it.
#include <charconv>

#include "balancers/crc32.h"
#include "balancers/hash_words.h"
#include "balancers/smooth_weighted.h"
#include "balancers/weight_table.h"

namespace sluice::balancers {
namespace {

std::uint32_t hash_of(std::uint32_t round, std::string_view key) {
  Crc32 crc;
  if (round > 0) {
    char digits[10];
    const char* end = std::to_chars(digits, digits + sizeof digits, round).ptr;
    crc.add({digits, static_cast<std::size_t>(end - digits)});
  }
  return crc.add(key).value() >> 16 & 0x7fff;
}

class UrlHash final : public Balancer {
 public:
  UrlHash(std::uint32_t again, std::span<const Peer> peers) : again_(again), weights_(peers) {}

  PeerIndex pick(const Choice& choice) override {
    RequestState& request = choice.request;
    request.started = true;
    weights_.follow(choice.peers);
    const bool hashable = choice.peers.size() > 1 && !choice.request_key.empty();
    while (hashable && request.rehashes <= again_) {
      request.hash += hash_of(request.hashes++, choice.request_key);
      const PeerIndex peer = weights_.owner(request.hash);
      if (choice.candidates.contains(peer)) {
        return peer;
      }
      ++request.rehashes;
    }
    return smooth_pick(choice);
  }

 private:
  const std::uint32_t again_;
  WeightTable weights_;
};

}  // namespace

std::unique_ptr<Balancer> make_url_hash(Words words, std::span<const Peer> peers) {
  return std::make_unique<UrlHash>(read_hash_words(words).again, peers);
}

}  // namespace sluice::balancers
