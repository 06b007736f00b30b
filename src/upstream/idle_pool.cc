// SPDX-License-Identifier: MIT
#include "upstream/idle_pool.h"

#include <array>

namespace sluice::upstream {

// One idle connection, watched for its end.
class IdlePool::Entry final : private net::Waiter, private net::Deadline {
 public:
  explicit Entry(IdlePool& pool) : pool_(pool) {}

  void begin(std::list<Entry>::iterator self, const Endpoint& peer, std::uint64_t place,
             PeerConnection connection) {
    self_ = self;
    peer_ = peer.id;
    place_ = place;
    connection_ = std::move(connection);
    const net::Interest interest = connection_.stream->readable();
    interest.watch->set_waiter(interest.until, this);
    net::Loop& loop = interest.watch->loop();
    loop.deadlines().arm(*this, loop.steady_now(), pool_.idle_timeout_);
  }

  PeerConnection end() {
    const net::Interest interest = connection_.stream->readable();
    interest.watch->set_waiter(interest.until, nullptr);
    disarm();
    return std::move(connection_);
  }

  [[nodiscard]] bool fits(const Endpoint& peer, std::uint64_t place) const {
    return peer_ == peer.id && place_ == place;
  }

 private:
  void woken(net::Watch&, net::Until, bool) override { drop(); }
  void expired() override { drop(); }

  void drop() {
    const PeerConnection gone = end();
    pool_.spare_.splice(pool_.spare_.begin(), pool_.idle_, self_);
  }

  IdlePool& pool_;
  std::list<Entry>::iterator self_;
  std::uint64_t peer_ = 0;
  std::uint64_t place_ = 0;
  PeerConnection connection_;
};

IdlePool::IdlePool(const confparse::UpstreamSettings& settings)
    : most_(settings.keepalive),
      most_requests_(settings.keepalive_requests),
      most_age_(settings.keepalive_time),
      idle_timeout_(settings.keepalive_timeout) {}

IdlePool::~IdlePool() {
  for (Entry& entry : idle_) {
    entry.end();
  }
}

PeerConnection IdlePool::take(const Endpoint& peer, std::uint64_t place) {
  for (auto entry = idle_.begin(); entry != idle_.end(); ++entry) {
    if (entry->fits(peer, place)) {
      PeerConnection connection = entry->end();
      spare_.splice(spare_.begin(), idle_, entry);
      return connection;
    }
  }
  return {};
}

void IdlePool::put(const Endpoint& peer, PeerConnection connection, net::SteadyTime now,
                   std::uint64_t place) {
  if (most_ == 0 || connection.requests >= most_requests_ || now - connection.opened > most_age_) {
    return;
  }
  if (connection.stream->may_be_readable()) {
    std::array<char, 1> probe{};
    if (!connection.stream->read_now(probe).must_wait()) {
      return;  // bytes nobody asked for, or its end
    }
  }
  if (idle_.size() >= most_) {
    close_oldest();
  }
  if (spare_.empty()) {
    spare_.emplace_front(*this);
  }
  idle_.splice(idle_.begin(), spare_, spare_.begin());
  idle_.front().begin(idle_.begin(), peer, place, std::move(connection));
}

bool IdlePool::close_oldest() {
  if (idle_.empty()) {
    return false;
  }
  const PeerConnection oldest = idle_.back().end();
  spare_.splice(spare_.begin(), idle_, std::prev(idle_.end()));
  return true;
}

}  // namespace sluice::upstream
