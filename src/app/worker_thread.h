// SPDX-License-Identifier: MIT
// One core's worth of serving: a thread with its loop, its listeners and its clients.
// Made and driven by Serving; between threads only post() is used.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "net/listener.h"
#include "proxy/http1_client.h"
#include "proxy/worker.h"

namespace sluice::app {

class WorkerThread {
 public:
  // `number` of `count`, from 0.  `at_end` is called by the worker's thread when it has served.
  WorkerThread(std::shared_ptr<const proxy::Generation> generation, std::size_t number,
               std::size_t count, std::function<void()> at_end);
  ~WorkerThread();
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  // Serves until stop(), or until drain() has come to its end: in the calling thread, or in one of
  // its own until join().
  void run();
  void start();
  void join();
  [[nodiscard]] net::Loop& loop() { return worker_.loop; }

  // From any thread, also before it serves.
  void use(std::shared_ptr<const proxy::Generation> generation);
  void open(const proxy::ListenPoint& point, net::Descriptor socket);
  void close(const proxy::ListenPoint& point);
  void drain();
  void end_new_clients();
  void stop();
  // Runs `news` once everything asked for before has been done.
  void tell(std::function<void()> news);

 private:
  void listen(const proxy::ListenPoint& point, net::Descriptor socket);
  void accept(std::unique_ptr<net::Stream> stream, const net::Address& remote,
              const proxy::ListenPoint& point);

  const std::function<void()> at_end_;
  proxy::Worker worker_;
  std::map<const proxy::ListenPoint*, std::vector<std::unique_ptr<net::Listener>>> listeners_;
  std::thread thread_;
};

}  // namespace sluice::app
