// SPDX-License-Identifier: MIT
#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <vector>

namespace sluice::net {

namespace asio = boost::asio;

struct Loop::Asio {
  Asio(int reactor, int mailbox)
      : reactor_ready(io, reactor),
        mail_ready(io, mailbox),
        wheel_timer(io),
        mail_descriptor(mailbox) {}
  // The reactor owns its descriptor.
  ~Asio() { reactor_ready.release(); }

  asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  asio::posix::stream_descriptor reactor_ready;
  asio::posix::stream_descriptor mail_ready;
  asio::steady_timer wheel_timer;

  const int mail_descriptor;
  std::mutex mail_lock;
  std::vector<std::function<void()>> mail;

  void watch_mail();
  void deliver_mail();
};

void Loop::Asio::watch_mail() {
  mail_ready.async_wait(asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (!error) {
                            deliver_mail();
                            watch_mail();
                          }
                        });
}

void Loop::Asio::deliver_mail() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(mail_descriptor, &count, sizeof count);
  std::vector<std::function<void()>> news;
  {
    const std::lock_guard lock(mail_lock);
    news.swap(mail);
  }
  for (const auto& piece : news) {
    piece();
  }
}

Loop::Loop()
    : asio_(
          std::make_unique<Asio>(reactor_.descriptor(), ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  refresh_time();
  deadlines_ = std::make_unique<Deadlines>(steady_now_, [this](SteadyTime when) {
    asio_->wheel_timer.expires_at(when);
    asio_->wheel_timer.async_wait([this](const boost::system::error_code& error) {
      if (!error) {
        refresh_time();
        deadlines_->turn(steady_now_);
      }
    });
  });
}

Loop::~Loop() = default;

void Loop::refresh_time() {
  steady_now_ = std::chrono::steady_clock::now();
  system_now_ = std::chrono::system_clock::now();
}

void Loop::turn_reactor() {
  asio_->reactor_ready.async_wait(
      asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) {
          return;
        }
        // Under load there is more after each batch.  Asking epoll again at once is cheaper than
        // going back through Asio; the bound lets timers and mail have their turn.
        constexpr int kMostRounds = 16;
        for (int round = 0; round < kMostRounds && !stopping_; ++round) {
          refresh_time();
          if (!reactor_.turn()) {
            break;
          }
        }
        turn_reactor();
      });
}

void Loop::resume_later(std::coroutine_handle<> waiting) {
  later_.push_back(waiting);
  if (later_.size() == 1) {
    asio::post(asio_->io, [this] { resume_waiting(); });
  }
}

void Loop::resume_waiting() {
  std::vector<std::coroutine_handle<>> waiting;
  waiting.swap(later_);
  for (const std::coroutine_handle<> one : waiting) {
    one.resume();
  }
}

void Loop::run() {
  turn_reactor();
  asio_->watch_mail();
  asio_->io.run();
  asio_->deliver_mail();
  resume_waiting();
  reactor_.cancel_all();
}

void Loop::stop() {
  stopping_ = true;
  asio_->io.stop();
}

void Loop::post(std::function<void()> news) {
  {
    const std::lock_guard lock(asio_->mail_lock);
    asio_->mail.push_back(std::move(news));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = ::write(asio_->mail_descriptor, &one, sizeof one);
}

}  // namespace sluice::net
