// SPDX-License-Identifier: MIT
#include "app/worker_thread.h"

#include <signal.h>

namespace sluice::app {

WorkerThread::WorkerThread(std::shared_ptr<const proxy::Generation> generation, std::size_t number,
                           std::size_t count, std::function<void()> at_end)
    : at_end_(std::move(at_end)) {
  worker_.generation = std::move(generation);
  worker_.next_connection_number = number + 1;
  worker_.connection_number_step = count;
  if (number == 0) {
    worker_.loop.post([this] { worker_.ask_for_names(); });
  }
}

WorkerThread::~WorkerThread() {
  join();
}

void WorkerThread::listen(const proxy::ListenPoint& point, net::Descriptor socket) {
  listeners_[&point].push_back(std::make_unique<net::Listener>(
      worker_.loop, std::move(socket),
      [this, &point](std::unique_ptr<net::Stream> stream, const net::Address& remote) {
        accept(std::move(stream), remote, point);
      },
      [this](std::error_code error) {
        worker_.complain_now_and_then(
            log::Level::crit,
            "accept4() failed (" + std::to_string(error.value()) + ": " + error.message() + ")");
        return worker_.close_idle();
      }));
}

void WorkerThread::accept(std::unique_ptr<net::Stream> stream, const net::Address& remote,
                          const proxy::ListenPoint& point) {
  if (!worker_.has_room_for(0)) {
    return;  // as in nginx: it is closed, so that the client knows at once
  }
  net::spawn(proxy::serve_http1(worker_, std::move(stream), remote, point));
}

void WorkerThread::run() {
  worker_.loop.run();
  listeners_.clear();
  at_end_();
}

// Signals are read from a descriptor: a thread is made with all of them blocked.
void WorkerThread::start() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void WorkerThread::use(std::shared_ptr<const proxy::Generation> generation) {
  worker_.loop.post([this, generation = std::move(generation)] { worker_.use(generation); });
}

void WorkerThread::open(const proxy::ListenPoint& point, net::Descriptor socket) {
  // std::function copies what it holds, a Descriptor cannot be copied.
  auto shared = std::make_shared<net::Descriptor>(std::move(socket));
  worker_.loop.post([this, &point, shared] { listen(point, std::move(*shared)); });
}

void WorkerThread::close(const proxy::ListenPoint& point) {
  worker_.loop.post([this, &point] { listeners_.erase(&point); });
}

void WorkerThread::drain() {
  worker_.loop.post([this] {
    listeners_.clear();
    worker_.drain();
  });
}

void WorkerThread::end_new_clients() {
  worker_.loop.post([this] { worker_.end_new_clients(); });
}

void WorkerThread::stop() {
  worker_.loop.post([this] { worker_.loop.stop(); });
}

void WorkerThread::tell(std::function<void()> news) {
  worker_.loop.post(std::move(news));
}

void WorkerThread::join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace sluice::app
