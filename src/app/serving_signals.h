// SPDX-License-Identifier: MIT
// The main thread's own loop in the serving process: signals, the parent, the end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "app/serving.h"
#include "app/signal_set.h"

namespace sluice::app {

class Serving::Signals {
 public:
  explicit Signals(Serving& serving);

  void run();
  // From any thread.
  void say_soon(log::Level level, const std::string& message);

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
  std::thread joiner_;
  bool draining_ = false;
};

}  // namespace sluice::app
