// SPDX-License-Identifier: MIT
// `hash KEY consistent`: a ring of points, so that a peer more or less moves few keys (ketama).
// The points are those of nginx and Cache::Memcached::Fast: 160 for each unit of weight.  How much
// weight there may be says hash_words.h.
#include <algorithm>
#include <vector>

#include "balancers/crc32.h"
#include "balancers/hash_words.h"
#include "balancers/smooth_weighted.h"

namespace sluice::balancers {
namespace {

constexpr std::uint32_t kPointsPerWeight = 160;

struct Point {
  std::uint32_t hash;
  PeerIndex first;  // the first peer of the server that this point belongs to,
  PeerIndex last;   // and the last: a name with several addresses is several peers
};

// Host, a zero byte, port: the beginning that all points of one server share.
Crc32 base_of(std::string_view server) {
  std::string_view port;
  if (server.starts_with("unix:")) {
    server.remove_prefix(5);
  } else if (const auto colon = server.rfind(':'); colon != server.npos) {
    const std::string_view behind = server.substr(colon + 1);
    if (behind.find_first_not_of("0123456789") == behind.npos) {
      port = behind;
      server = server.substr(0, colon);
    }
  }
  return Crc32{}.add(server).add({"\0", 1}).add(port);
}

std::uint32_t next_point(Crc32 base, std::uint32_t previous) {
  const char little_endian[] = {
      static_cast<char>(previous & 0xff), static_cast<char>(previous >> 8 & 0xff),
      static_cast<char>(previous >> 16 & 0xff), static_cast<char>(previous >> 24)};
  return base.add({little_endian, 4}).value();
}

// The peers of one name, from the first to the last, share their points.
Point range_of_server(std::span<const Peer> peers, const std::string& server) {
  Point range{.hash = 0, .first = kNobody, .last = kNobody};
  for (PeerIndex peer = 0; peer < peers.size(); ++peer) {
    if (peers[peer].server == server) {
      range.first = std::min(range.first, peer);
      range.last = peer;
    }
  }
  return range;
}

// How many points of this peer's server the peers before it have put on the ring: equal servers
// have equal points, so that a name costs its weight once, however many addresses it has.
std::uint64_t points_before(std::span<const Peer> peers, PeerIndex index) {
  std::uint32_t weight = 0;
  for (const Peer& other : peers.first(index)) {
    weight = other.server == peers[index].server ? std::max(weight, other.weight) : weight;
  }
  return std::uint64_t{kPointsPerWeight} * weight;
}

std::vector<Point> ring_of(std::span<const Peer> peers) {
  std::vector<Point> ring;
  for (PeerIndex index = 0; index < peers.size(); ++index) {
    const Crc32 base = base_of(peers[index].server);
    Point point = range_of_server(peers, peers[index].server);
    const std::uint64_t known = points_before(peers, index);
    const std::uint64_t points = std::uint64_t{kPointsPerWeight} * peers[index].weight;
    if (points <= known) {
      continue;
    }
    ring.reserve(ring.size() + points - known);
    for (std::uint64_t number = 0; number < points; ++number) {
      point.hash = next_point(base, point.hash);
      if (number >= known) {
        ring.push_back(point);
      }
    }
  }
  std::ranges::stable_sort(ring, {}, &Point::hash);
  const auto same = [](const Point& one, const Point& other) { return one.hash == other.hash; };
  ring.erase(std::unique(ring.begin(), ring.end(), same), ring.end());
  return ring;
}

class ConsistentHash final : public Balancer {
 public:
  ConsistentHash(std::uint32_t again, std::span<const Peer> peers)
      : again_(again), peers_(peers.size()), ring_(ring_of(peers)) {}

  PeerIndex pick(const Choice& choice) override {
    RequestState& request = choice.request;
    follow(choice.peers);
    if (!request.started) {
      request.started = true;
      request.hash = first_point(choice.request_key);
    }
    const bool hashable = choice.peers.size() > 1 && !choice.request_key.empty();
    while (hashable && request.rehashes <= again_) {
      const PeerIndex peer = pick_at(ring_[request.hash % ring_.size()], choice);
      if (peer != kNobody) {
        return peer;
      }
      ++request.hash;
      ++request.rehashes;
    }
    return smooth_pick(choice);
  }

 private:
  // The ring is drawn anew when peers were appended: a name that resolved late.
  void follow(std::span<const Peer> peers) {
    if (peers.size() != peers_) {
      peers_ = peers.size();
      ring_ = ring_of(peers);
    }
  }

  [[nodiscard]] std::uint32_t first_point(std::string_view key) const {
    const std::uint32_t hash = Crc32{}.add(key).value();
    const auto point = std::ranges::lower_bound(ring_, hash, {}, &Point::hash);
    return static_cast<std::uint32_t>(point - ring_.begin());
  }

  // Round robin among the addresses of the point's server that may be asked.
  static PeerIndex pick_at(const Point& point, const Choice& choice) {
    if (point.first == point.last) {
      return choice.candidates.contains(point.first) ? point.first : kNobody;
    }
    const std::string& server = choice.peers[point.first].server;
    return smooth_pick_if(choice.peers, choice.candidates, [&](PeerIndex index) {
      return index >= point.first && index <= point.last && choice.peers[index].server == server;
    });
  }

  const std::uint32_t again_;
  std::size_t peers_;
  std::vector<Point> ring_;
};

}  // namespace

std::unique_ptr<Balancer> make_consistent_hash(Words words, std::span<const Peer> peers) {
  return std::make_unique<ConsistentHash>(read_hash_words(words).again, peers);
}

}  // namespace sluice::balancers
