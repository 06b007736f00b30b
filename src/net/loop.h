// SPDX-License-Identifier: MIT
// A worker's event loop: a reactor that sleeps over the sockets, an Asio io_context for what is
// posted, the deadlines, and the buffers that go with them.  One thread runs it; only post() may be
// called from others.
#pragma once

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "net/chunks.h"
#include "net/deadlines.h"
#include "net/pipe.h"
#include "net/reactor.h"

namespace sluice::net {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Serves until stop(); then calls off every wait, so that all coroutines have ended on return.
  void run();
  void stop();
  [[nodiscard]] bool stopping() const { return stopping_; }

  // Runs `news` on the loop's thread soon.  From any thread.
  void post(std::function<void()> news);

  // Goes on with `waiting` once everybody else has had a turn.  See yield().
  void resume_later(std::coroutine_handle<> waiting);

  [[nodiscard]] Reactor& reactor() { return reactor_; }
  [[nodiscard]] Deadlines& deadlines() { return *deadlines_; }
  [[nodiscard]] ChunkPool& chunks() { return chunks_; }
  [[nodiscard]] PipePool& pipes() { return pipes_; }

  // Read once per turn of the loop.
  [[nodiscard]] SteadyTime steady_now() const { return steady_now_; }
  [[nodiscard]] std::chrono::system_clock::time_point system_now() const { return system_now_; }
  // Now, to the microsecond: for measuring.
  void refresh_time();

 private:
  class Doorbell;
  struct Asio;  // keeps Asio's headers out of everybody else's compile
  [[nodiscard]] int time_to_sleep() const;
  void resume_waiting();

  Reactor reactor_;
  ChunkPool chunks_;
  PipePool pipes_;
  SteadyTime steady_now_;
  std::chrono::system_clock::time_point system_now_;
  bool stopping_ = false;
  std::vector<std::coroutine_handle<>> later_;
  std::optional<SteadyTime> due_;  // when the next deadline is
  std::unique_ptr<Asio> asio_;
  std::unique_ptr<Deadlines> deadlines_;
};

// `co_await yield(loop)`: for whoever could go on for long without waiting.
struct [[nodiscard]] Yield {
  Loop& loop;
  [[nodiscard]] bool await_ready() const { return loop.stopping(); }
  void await_suspend(std::coroutine_handle<> waiting) const { loop.resume_later(waiting); }
  void await_resume() const {}
};
inline Yield yield(Loop& loop) {
  return {loop};
}

}  // namespace sluice::net
