// SPDX-License-Identifier: MIT
#include "app/serving_signals.h"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "app/handover.h"

namespace sluice::app {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using log::Level;

Serving::Signals::Signals(Serving& serving) : serving_(serving) {
  signals_.assign(open_signals());
  wait_for_signal();
  if (serving_.parent_.is_open()) {
    parent_.assign(serving_.parent_.get());
    wait_for_parent();
  }
}

Serving::Signals::~Signals() {
  if (parent_.is_open()) {
    parent_.release();  // it is the link's
  }
}

std::vector<int> Serving::Signals::sources() {
  std::vector<int> sources{signals_.native_handle()};
  if (parent_.is_open()) {
    sources.push_back(parent_.native_handle());
  }
  return sources;
}

void Serving::Signals::work() {
  io_.poll();
  if (draining_) {
    io_.run();
  }
}

void Serving::Signals::say_soon(Level level, const std::string& message) {
  asio::post(io_, [this, level, message] { serving_.say(level, message); });
}

void Serving::Signals::note_worker_ended() {
  asio::post(io_, [this] {
    if (++ended_workers_ == serving_.workers_.size()) {
      io_.stop();
    }
  });
}

void Serving::Signals::wait_for_signal() {
  signals_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error) {
      return;
    }
    while (const auto signal = next_signal(signals_.native_handle())) {
      handle(*signal);
    }
    wait_for_signal();
  });
}

void Serving::Signals::read_parent() {
  while (serving_.parent_.is_open()) {
    std::optional<Message> message = serving_.parent_.receive();
    if (!message) {
      return;
    }
    handle(std::move(*message));
  }
}

void Serving::Signals::wait_for_parent() {
  parent_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error) {
      return;
    }
    read_parent();
    if (serving_.parent_.is_closed()) {
      // Nobody could stop us any more, and we would keep the ports from whoever starts afresh.
      serving_.say(Level::alert, "the parent process is gone: ending");
      stop();
      return;
    }
    wait_for_parent();
  });
}

const char* Serving::Signals::action_of(int number) const {
  switch (number) {
    case SIGHUP:
      return draining_ || parent_.is_open() ? "ignoring" : "reconfiguring";
    case SIGUSR1:
      return "reopening logs";
    case SIGQUIT:
      return draining_ ? "ignoring" : "shutting down";
    case SIGTERM:
    case SIGINT:
      return "exiting";
    default:
      return "ignoring";
  }
}

void Serving::Signals::handle(const Signal& signal) {
  serving_.say(Level::notice, text_of(signal, action_of(signal.number)));
  switch (signal.number) {
    case SIGHUP:
      if (!draining_ && !parent_.is_open()) {
        serving_.reload();
      }
      return;
    case SIGUSR1:
      read_parent();  // the logs it has opened for us come first
      serving_.reopen_logs();
      return;
    case SIGQUIT:
      if (!draining_) {
        draining_ = true;
        say_stopping();
        drain();
      }
      return;
    case SIGTERM:
    case SIGINT:
      say_stopping();
      stop();
      return;
    default:  // USR2, WINCH: they are the parent's
      return;
  }
}

void Serving::Signals::handle(Message message) {
  switch (message.topic) {
    case Topic::listen:
      if (auto sockets = sockets_of(std::move(message))) {
        serving_.sockets_.push_back(std::move(*sockets));
      }
      return;
    case Topic::log:
      if (!message.descriptors.empty()) {
        serving_.launch_.files.offer(message.text, message.descriptors.front().release());
      }
      return;
    case Topic::reload: {
      std::optional<Texts> texts;
      if (!message.descriptors.empty()) {
        texts = take_from_memory(message.descriptors.front());
      }
      if (!draining_ && texts) {
        serving_.reload(std::move(*texts));
      }
      serving_.sockets_.clear();
      serving_.launch_.files.withdraw_offers();
      return;
    }
    default:
      return;
  }
}

void Serving::Signals::say_stopping() const {
  if (!parent_.is_open()) {
    serving_.launch_.notify.stopping();
  }
}

void Serving::Signals::stop() {
  serving_.leave_addresses();
  for (const auto& worker : serving_.workers_) {
    worker->stop();
  }
  io_.stop();
}

// Another signal may come while the clients are served to their end.
void Serving::Signals::drain() {
  serving_.leave_addresses();
  for (const auto& worker : serving_.workers_) {
    worker->drain();
  }
  wait_for_new_clients();
  limit_drain();
}

// A client that connected just before QUIT has its request on the way.
void Serving::Signals::wait_for_new_clients() {
  constexpr std::chrono::milliseconds kPatience{500};
  new_clients_.expires_after(kPatience);
  new_clients_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      for (const auto& worker : serving_.workers_) {
        worker->end_new_clients();
      }
    }
  });
}

// `worker_shutdown_timeout`: what is still open then is closed.
void Serving::Signals::limit_drain() {
  const std::chrono::milliseconds timeout = serving_.launch_.settings->main.shutdown_timeout;
  if (timeout.count() == 0) {
    return;
  }
  shutdown_timeout_.expires_after(timeout);
  shutdown_timeout_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      serving_.say(Level::notice, "worker_shutdown_timeout: closing what is still open");
      for (const auto& worker : serving_.workers_) {
        worker->stop();
      }
    }
  });
}

}  // namespace sluice::app
