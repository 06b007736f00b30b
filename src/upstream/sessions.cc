// SPDX-License-Identifier: MIT
#include "upstream/sessions.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace sluice::upstream {
namespace {

// nginx finds room for about 8,000 in a megabyte.
constexpr std::uint64_t kBytesOfASession = 128;

}  // namespace

Sessions::Sessions(const confparse::StickySettings& settings)
    : most_(std::max<std::size_t>(1, settings.zone_size / kBytesOfASession)),
      timeout_(settings.timeout) {}

std::size_t Sessions::FirstBytes::operator()(const Md5& key) const {
  std::size_t hash = 0;
  std::memcpy(&hash, key.data(), sizeof hash);
  return hash;
}

bool Sessions::find(std::string_view session, balancers::Clock::time_point now,
                    std::string& route) {
  const Md5 key = md5(session);
  const std::lock_guard lock(lock_);
  forget_old(now);
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) {
    return false;
  }
  route = known->second->route;
  return true;
}

void Sessions::note(std::string_view session, const std::string& route, bool create,
                    balancers::Clock::time_point now) {
  const Md5 key = md5(session);
  const std::lock_guard lock(lock_);
  forget_old(now);
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    sessions_.splice(sessions_.begin(), sessions_, known->second);
    sessions_.front().route = route;
    sessions_.front().used = now;
    return;
  }
  if (!create) {
    return;
  }
  if (sessions_.size() >= most_) {
    forget_last();
  }
  sessions_.push_front({key, route, now});
  by_key_.emplace(key, sessions_.begin());
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(lock_);
  return sessions_.size();
}

void Sessions::forget_old(balancers::Clock::time_point now) {
  while (!sessions_.empty() && now - sessions_.back().used >= timeout_) {
    forget_last();
  }
}

void Sessions::forget_last() {
  by_key_.erase(sessions_.back().key);
  sessions_.pop_back();
}

}  // namespace sluice::upstream
