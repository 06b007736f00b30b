// SPDX-License-Identifier: MIT
// How many bytes may go now: `limit_rate`, `proxy_limit_rate`.
//
// As in nginx, each second of the request is worth `rate` bytes, the first one included at once;
// unlike there, time is counted in milliseconds, so that bytes flow evenly.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include "net/deadlines.h"

namespace sluice::proxy {

class RateLimit {
 public:
  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

  RateLimit() = default;
  // `rate` bytes a second from `began` on, 0: no limit; the first `free` bytes do not count.
  RateLimit(std::uint64_t rate, std::uint64_t free, net::SteadyTime began)
      : rate_(rate), free_(free), began_(began) {}

  explicit operator bool() const { return rate_ > 0; }

  // How many bytes may go now, when `moved` have gone.
  [[nodiscard]] std::uint64_t allowed(net::SteadyTime now, std::uint64_t moved) const {
    if (rate_ == 0) {
      return kNoLimit;
    }
    const std::uint64_t earned = free_ + worth_of(now - began_);
    return earned > moved ? earned - moved : 0;
  }

  // How long to wait until a piece worth sending may go.
  [[nodiscard]] net::Milliseconds pause(net::SteadyTime now, std::uint64_t moved) const {
    const std::uint64_t piece = std::clamp<std::uint64_t>(rate_ / 4, 1, 65536);
    const std::uint64_t earned = free_ + worth_of(now - began_);
    const std::uint64_t wanted = moved + piece;
    if (rate_ == 0 || earned >= wanted) {
      return net::Milliseconds{0};
    }
    return net::Milliseconds{static_cast<std::int64_t>((wanted - earned) * 1000 / rate_ + 1)};
  }

 private:
  [[nodiscard]] std::uint64_t worth_of(net::SteadyTime::duration time) const {
    const auto passed = std::chrono::duration_cast<net::Milliseconds>(time).count();
    return rate_ + static_cast<std::uint64_t>(std::max<std::int64_t>(passed, 0)) * rate_ / 1000;
  }

  std::uint64_t rate_ = 0;
  std::uint64_t free_ = 0;
  net::SteadyTime began_{};
};

}  // namespace sluice::proxy
