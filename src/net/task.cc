// SPDX-License-Identifier: MIT
#include "net/task.h"

#include <array>
#include <new>

namespace sluice::net {
namespace {

constexpr std::size_t kStep = 64;       // frames are rounded up to this
constexpr std::size_t kLargest = 4096;  // larger ones go to the heap every time
constexpr std::size_t kClasses = kLargest / kStep;
constexpr std::size_t kKeptPerClass = 256;

struct FreeFrame {
  FreeFrame* next;
};

// Per thread, because operator new of a promise has no other way to reach its worker's memory.  A
// frame that another thread made (the first listeners') may end here: the heap is everybody's.
class FramePool {
 public:
  ~FramePool() {
    for (FreeFrame* frame : heads_) {
      while (frame != nullptr) {
        FreeFrame* next = frame->next;
        ::operator delete(frame);
        frame = next;
      }
    }
  }

  void* acquire(std::size_t size) {
    const std::size_t index = (size - 1) / kStep;
    if (index >= kClasses) {
      return ::operator new(size);
    }
    if (FreeFrame* frame = heads_[index]) {
      heads_[index] = frame->next;
      --kept_[index];
      return frame;
    }
    return ::operator new((index + 1) * kStep);
  }

  void release(void* memory, std::size_t size) noexcept {
    const std::size_t index = (size - 1) / kStep;
    if (index >= kClasses || kept_[index] >= kKeptPerClass) {
      ::operator delete(memory);
      return;
    }
    heads_[index] = new (memory) FreeFrame{heads_[index]};
    ++kept_[index];
  }

 private:
  std::array<FreeFrame*, kClasses> heads_{};
  std::array<std::size_t, kClasses> kept_{};
};

thread_local FramePool frames;

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

void* acquire_frame(std::size_t size) {
  return frames.acquire(size);
}
void release_frame(void* frame, std::size_t size) noexcept {
  frames.release(frame, size);
}

void spawn(Task<void> task) {
  detach(std::move(task));
}

}  // namespace sluice::net
