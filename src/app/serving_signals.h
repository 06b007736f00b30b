// SPDX-License-Identifier: MIT
// What signals and the parent ask of the serving process, and its end.  Work of the control thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "app/serving.h"
#include "app/signal_set.h"

namespace sluice::app {

class Serving::Signals {
 public:
  explicit Signals(Serving& serving);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Where news come from: readable when there are some.
  [[nodiscard]] std::vector<int> sources();
  // Does what has been asked for.  Once the process drains it returns at its end only.
  void work();
  // From any thread; it is said by the next work().
  void say_soon(log::Level level, const std::string& message);
  // From any thread: one of the workers has served.
  void note_worker_ended();

 private:
  void wait_for_signal();
  void wait_for_parent();
  void read_parent();
  void handle(const Signal& signal);
  [[nodiscard]] const char* action_of(int number) const;
  void handle(Message message);
  void say_stopping() const;
  void stop();
  void drain();
  void wait_for_new_clients();
  void limit_drain();

  Serving& serving_;
  boost::asio::io_context io_;
  boost::asio::posix::stream_descriptor signals_{io_};
  boost::asio::posix::stream_descriptor parent_{io_};
  boost::asio::steady_timer new_clients_{io_};
  boost::asio::steady_timer shutdown_timeout_{io_};
  std::size_t ended_workers_ = 0;
  bool draining_ = false;
};

}  // namespace sluice::app
