// SPDX-License-Identifier: MIT
// Memory for coroutine frames: a free list per size class and thread.  A request takes a dozen
// frames, each of a size the compiler knows, so what happens to a warm one is in line.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace sluice::net {

namespace detail {

inline constexpr std::size_t kFrameStep = 64;       // frames are rounded up to this
inline constexpr std::size_t kLargestFrame = 4096;  // larger ones go to the heap every time
inline constexpr std::size_t kFrameClasses = kLargestFrame / kFrameStep;
inline constexpr std::size_t kKeptPerClass = 256;

struct FreeFrame {
  FreeFrame* next;
};

struct FrameClass {
  FreeFrame* first = nullptr;
  std::size_t room = 0;   // so many more may be kept
  bool is_begun = false;  // before, there is no room
};

// Per thread, because operator new of a promise has no other way to reach its worker's memory.
extern constinit thread_local std::array<FrameClass, kFrameClasses> frames;

constexpr std::size_t frame_class(std::size_t size) {
  return (size - 1) / kFrameStep;
}

// When there is no warm one.
void* new_frame(std::size_t size);
// When there is no room, or not yet.
void begin_or_delete(void* frame, std::size_t size) noexcept;

}  // namespace detail

inline void* acquire_frame(std::size_t size) {
  if (size <= detail::kLargestFrame) {
    detail::FrameClass& same = detail::frames[detail::frame_class(size)];
    if (detail::FreeFrame* const frame = same.first) {
      same.first = frame->next;
      ++same.room;
      return frame;
    }
  }
  return detail::new_frame(size);
}

inline void release_frame(void* memory, std::size_t size) noexcept {
  if (size <= detail::kLargestFrame) {
    detail::FrameClass& same = detail::frames[detail::frame_class(size)];
    if (same.room > 0) {
      same.first = new (memory) detail::FreeFrame{same.first};
      --same.room;
      return;
    }
  }
  detail::begin_or_delete(memory, size);
}

}  // namespace sluice::net
