// SPDX-License-Identifier: MIT
#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "net/descriptor.h"

namespace sluice::net {

namespace asio = boost::asio;

// Wakes the reactor from another thread.
class Loop::Doorbell final : private Waiter {
 public:
  explicit Doorbell(Loop& loop)
      : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        watch_(loop, descriptor_.get(), Watch::Trigger::level) {
    watch_.set_waiter(Until::readable, this);
  }
  ~Doorbell() { watch_.set_waiter(Until::readable, nullptr); }

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(descriptor_.get(), &one, sizeof one);
  }
  // Since it was asked last.
  [[nodiscard]] bool has_rung() { return std::exchange(has_rung_, false); }

 private:
  void woken(Watch& /*watch*/, Until /*until*/, bool cancelled) override {
    if (cancelled) {
      return;
    }
    std::uint64_t times = 0;
    [[maybe_unused]] const auto got = ::read(descriptor_.get(), &times, sizeof times);
    has_rung_ = true;
    watch_.clear(Until::readable);
    watch_.set_waiter(Until::readable, this);
  }

  const Descriptor descriptor_;
  Watch watch_;
  bool has_rung_ = false;
};

struct Loop::Asio {
  explicit Asio(Loop& loop) : doorbell(loop) {}

  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> stays{io.get_executor()};
  Doorbell doorbell;
};

Loop::Loop() : asio_(std::make_unique<Asio>(*this)) {
  refresh_time();
  deadlines_ = std::make_unique<Deadlines>(steady_now_, [this](SteadyTime when) { due_ = when; });
}

Loop::~Loop() = default;

void Loop::refresh_time() {
  steady_now_ = std::chrono::steady_clock::now();
  system_now_ = std::chrono::system_clock::now();
}

// In milliseconds, for the reactor.
int Loop::time_to_sleep() const {
  if (!later_.empty()) {
    return 0;
  }
  if (!due_) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due_ - steady_now_);
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
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
  while (!stopping_) {
    reactor_.sleep(time_to_sleep());
    refresh_time();
    reactor_.turn();
    if (due_ && steady_now_ >= *due_) {
      due_.reset();
      deadlines_->turn(steady_now_);
    }
    // Asio is asked only when it has something: each poll costs a system call.
    if (asio_->doorbell.has_rung() || !later_.empty()) {
      asio_->io.poll();
    }
  }
  asio_->io.poll();
  resume_waiting();
  reactor_.cancel_all();
}

void Loop::stop() {
  stopping_ = true;
}

void Loop::post(std::function<void()> news) {
  asio::post(asio_->io, std::move(news));
  asio_->doorbell.ring();
}

}  // namespace sluice::net
