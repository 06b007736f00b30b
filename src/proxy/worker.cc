// SPDX-License-Identifier: MIT
#include "proxy/worker.h"

#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

constexpr std::size_t kMostSpareExchanges = 256;

}  // namespace

Worker::Worker() = default;
Worker::~Worker() = default;

void Worker::drain() {
  draining = true;
  idle_clients.close_all();
  if (connections == 0) {
    loop.stop();
  }
}

void Worker::note_closed() {
  --connections;
  if (draining && connections == 0) {
    loop.stop();
  }
}

upstream::IdlePool& Worker::idle_pool(const upstream::Upstream& upstream) {
  if (upstream.id() >= idle_pools_.size()) {
    idle_pools_.resize(upstream.id() + 1);
  }
  std::unique_ptr<upstream::IdlePool>& pool = idle_pools_[upstream.id()];
  if (!pool) {
    pool = std::make_unique<upstream::IdlePool>(upstream.settings());
  }
  return *pool;
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
