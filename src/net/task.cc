// SPDX-License-Identifier: MIT
#include "net/task.h"

namespace sluice::net {
namespace {

// A coroutine that starts at once and destroys itself at its end.
struct Detached {
  struct promise_type {
    static void* operator new(std::size_t size) { return acquire_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
      release_frame(frame, size);
    }
    Detached get_return_object() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

Detached detach(Task<void> task) {
  co_await task;
}

}  // namespace

void spawn(Task<void> task) {
  detach(std::move(task));
}

}  // namespace sluice::net
