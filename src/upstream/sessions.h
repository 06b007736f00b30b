// SPDX-License-Identifier: MIT
// `sticky learn`: which peer does a session belong to?  Sessions are named by the peers themselves,
// in their answers; we only remember who did.
//
// Thread-safe, with a lock of its own.  As many sessions as the zone has room for in nginx; beyond
// that the one used longest ago goes.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "balancers/balancer.h"
#include "confparse/settings/upstream.h"
#include "upstream/md5.h"

namespace sluice::upstream {

class Sessions {
 public:
  explicit Sessions(const confparse::StickySettings& settings);

  // Overwrites `route` with that of the session's peer.  False: there is no such session.
  bool find(std::string_view session, balancers::Clock::time_point now, std::string& route);
  // A peer answered a request of this session, which is its own from now on.  `create` false: only
  // if there is such a session.
  void note(std::string_view session, const std::string& route, bool create,
            balancers::Clock::time_point now);

  [[nodiscard]] std::size_t size() const;

 private:
  // By a digest: what a client calls its session may be long.
  struct Session {
    Md5 key;
    std::string route;
    balancers::Clock::time_point used;
  };
  struct FirstBytes {
    std::size_t operator()(const Md5& key) const;
  };
  using List = std::list<Session>;

  void forget_old(balancers::Clock::time_point now);
  void forget_last();

  const std::size_t most_;
  const std::chrono::milliseconds timeout_;
  mutable std::mutex lock_;
  List sessions_;  // the last used at the front
  std::unordered_map<Md5, List::iterator, FirstBytes> by_key_;
};

}  // namespace sluice::upstream
