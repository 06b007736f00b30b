// SPDX-License-Identifier: MIT
#include "net/frames.h"

namespace sluice::net::detail {

constinit thread_local std::array<FrameClass, kFrameClasses> frames{};

namespace {

// Frees the thread's frames when it ends.  One that another thread made (the first listeners') may
// be among them: the heap is everybody's.
struct AtEndOfThread {
  ~AtEndOfThread() {
    for (FrameClass& same : frames) {
      while (FreeFrame* const frame = same.first) {
        same.first = frame->next;
        ::operator delete(frame);
      }
      same.room = 0;
    }
  }
};

}  // namespace

void* new_frame(std::size_t size) {
  const bool may_be_kept = size <= kLargestFrame;
  return ::operator new(may_be_kept ? (frame_class(size) + 1) * kFrameStep : size);
}

void begin_or_delete(void* memory, std::size_t size) noexcept {
  if (size > kLargestFrame || frames[frame_class(size)].is_begun) {
    ::operator delete(memory);
    return;
  }
  [[maybe_unused]] static const thread_local AtEndOfThread at_end;
  frames[frame_class(size)] = {new (memory) FreeFrame{nullptr}, kKeptPerClass - 1, true};
}

}  // namespace sluice::net::detail
