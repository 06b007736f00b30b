// SPDX-License-Identifier: MIT
#include "app/control_thread.h"

#include <utility>

namespace sluice::app {

ControlThread::ControlThread(net::Loop& loop, const std::vector<int>& descriptors,
                             std::function<void()> work)
    : loop_(loop), work_(std::move(work)) {
  for (const int descriptor : descriptors) {
    watches_.push_back(std::make_unique<net::Watch>(loop, descriptor, net::Watch::Trigger::level));
    watches_.back()->set_waiter(net::Until::readable, this);
  }
}

ControlThread::~ControlThread() {
  if (thread_.joinable()) {
    thread_.join();
  }
  for (const auto& watch : watches_) {
    watch->set_waiter(net::Until::readable, nullptr);
  }
}

void ControlThread::call() {
  loop_.post([this] { begin(); });
}

void ControlThread::woken(net::Watch& /*watch*/, net::Until /*until*/, bool cancelled) {
  if (!cancelled) {
    begin();
  }
}

void ControlThread::begin() {
  if (thread_.joinable()) {
    called_ = true;
    return;
  }
  for (const auto& watch : watches_) {
    watch->set_waiter(net::Until::readable, nullptr);
    watch->pause();  // they stay readable until it has read them
  }
  thread_ = std::thread([this] {
    work_();
    loop_.post([this] { ended(); });
  });
}

void ControlThread::ended() {
  thread_.join();
  if (std::exchange(called_, false)) {
    begin();
    return;
  }
  for (const auto& watch : watches_) {
    watch->clear(net::Until::readable);
    watch->set_waiter(net::Until::readable, this);
    watch->resume();
  }
}

}  // namespace sluice::app
