// SPDX-License-Identifier: MIT
// Signals and the parent are listened to by the first worker's loop, which must not be held up by
// what they ask for: loading a configuration, opening logs.  That is done by a thread that exists
// only meanwhile, so that one worker is one thread: docs/decisions/0009-one-worker-one-thread.md.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "net/loop.h"
#include "net/watch.h"

namespace sluice::app {

class ControlThread final : private net::Waiter {
 public:
  // Runs `work` whenever one of these descriptors is readable, until it is not any more.  `work`
  // outlives the loop's run(), the descriptors this object.
  ControlThread(net::Loop& loop, const std::vector<int>& descriptors, std::function<void()> work);
  // Waits until the thread has ended.  The loop runs no more.
  ~ControlThread();
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

  // From any thread: there is something to do.
  void call();

 private:
  void woken(net::Watch& watch, net::Until until, bool cancelled) override;
  void begin();
  void ended();

  net::Loop& loop_;
  const std::function<void()> work_;
  std::vector<std::unique_ptr<net::Watch>> watches_;
  std::thread thread_;
  bool called_ = false;  // while it works
};

}  // namespace sluice::app
