// SPDX-License-Identifier: MIT
#include "proxy/worker.h"

#include <algorithm>

#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

constexpr std::size_t kMostSpareExchanges = 256;

// One table for all upstreams that requests imply, so that whoever makes many of them cannot make
// us keep many connections.
confparse::UpstreamSettings settings_of_runtime_pool() {
  confparse::UpstreamSettings settings;
  settings.keepalive = 64;
  return settings;
}

}  // namespace

Worker::Worker()
    : runtime_pool_(std::make_unique<upstream::IdlePool>(settings_of_runtime_pool())) {}
Worker::~Worker() = default;

void Worker::drain() {
  draining = true;
  idle_clients.close_kept();
  if (connections == 0) {
    loop.stop();
  }
}

void Worker::end_new_clients() {
  idle_clients.close_new();
}

void Worker::note_closed() {
  --connections;
  if (draining && connections == 0) {
    loop.stop();
  }
}

// nginx begins to close idle clients when a sixteenth is left.
bool Worker::has_room_for(std::size_t more) {
  const std::size_t most = generation->settings().events.worker_connections;
  const std::size_t wanted = loop.reactor().connections() + more;
  if (wanted + most / 16 <= most) {
    return true;
  }
  const std::string shortage = std::to_string(most) + " worker_connections are not enough";
  if (close_idle()) {
    complain_now_and_then(log::Level::warn, shortage + ", reusing connections");
  }
  if (loop.reactor().connections() + more <= most) {
    return true;
  }
  complain_now_and_then(log::Level::alert, shortage);
  return false;
}

bool Worker::close_idle() {
  constexpr int kAtOnce = 32;
  int closed = 0;
  while (closed < kAtOnce && lingering_clients.close_oldest(loop.steady_now())) {
    ++closed;
  }
  // Not all of them: a client that comes back in time spares us a handshake.
  const std::size_t share = std::clamp<std::size_t>(idle_clients.size() / 8, 1, kAtOnce);
  for (std::size_t i = 0; closed == 0 && i < share && idle_clients.close_oldest(loop.steady_now());
       ++i) {
    ++closed;
  }
  closed += closed == 0 && runtime_pool_->close_oldest() ? 1 : 0;
  for (auto pool = idle_pools_.begin(); closed == 0 && pool != idle_pools_.end(); ++pool) {
    closed += pool->pool->close_oldest() ? 1 : 0;
  }
  return closed > 0;
}

void Worker::complain_now_and_then(log::Level level, const std::string& message) {
  net::SteadyTime& last = last_complaint_.at(static_cast<std::size_t>(level));
  const net::SteadyTime now = loop.steady_now();
  if (last == net::SteadyTime{} || now - last >= std::chrono::seconds{1}) {
    last = now;
    generation->error_log().write(level, message);
  }
}

void Worker::use(std::shared_ptr<const Generation> next) {
  generation = std::move(next);
  ++reloads;
  if (unresolved_names_) {
    ask_for_names();
  }
  std::ranges::move(runtime_upstreams_, std::back_inserter(retired_upstreams_));
  runtime_upstreams_.clear();
  std::erase_if(retired_upstreams_, [](const auto& retired) { return retired.use_count() == 1; });
  // Of an upstream that has gone.  An exchange of its generation may still make the table anew;
  // the next reload finds it then.
  std::erase_if(idle_pools_,
                [this](const OwnedPool& owned) { return !generation->has_upstream(owned.id); });
}

void Worker::ask_for_names() {
  unresolved_names_ = std::make_unique<UnresolvedNames>(loop, generation);
}

std::shared_ptr<RuntimeUpstreams> Worker::runtime_upstreams(const net::ResolverOptions& options) {
  const auto known = std::ranges::find_if(
      runtime_upstreams_, [&](const auto& upstreams) { return upstreams->options() == options; });
  if (known != runtime_upstreams_.end()) {
    return *known;
  }
  return runtime_upstreams_.emplace_back(std::make_shared<RuntimeUpstreams>(loop, options));
}

upstream::IdlePool& Worker::idle_pool(const upstream::Upstream& upstream) {
  if (upstream.id() == upstream::kRuntimeId) {
    return *runtime_pool_;
  }
  auto owned = std::ranges::lower_bound(idle_pools_, upstream.id(), {}, &OwnedPool::id);
  if (owned == idle_pools_.end() || owned->id != upstream.id()) {
    owned = idle_pools_.insert(
        owned, {upstream.id(), std::make_unique<upstream::IdlePool>(upstream.settings())});
  }
  return *owned->pool;
}

std::unique_ptr<Exchange> Worker::take_exchange() {
  if (spare_exchanges_.empty()) {
    return std::make_unique<Exchange>(*this);
  }
  std::unique_ptr<Exchange> exchange = std::move(spare_exchanges_.back());
  spare_exchanges_.pop_back();
  return exchange;
}

void Worker::give_back(std::unique_ptr<Exchange> exchange) {
  if (spare_exchanges_.size() < kMostSpareExchanges) {
    spare_exchanges_.push_back(std::move(exchange));
  }
}

}  // namespace sluice::proxy
