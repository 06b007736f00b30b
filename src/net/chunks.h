// SPDX-License-Identifier: MIT
// The only buffers of a worker: fixed sizes from free lists.  An idle connection holds none.
// Belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sluice::net {

class ChunkPool;

// One buffer, given back when it goes.  Empty when moved from or never taken.
class Chunk {
 public:
  Chunk() = default;
  Chunk(Chunk&& other) noexcept
      : bytes_(std::exchange(other.bytes_, {})), pool_(std::exchange(other.pool_, nullptr)) {}
  Chunk& operator=(Chunk&& other) noexcept {
    if (this != &other) {
      release();
      bytes_ = std::exchange(other.bytes_, {});
      pool_ = std::exchange(other.pool_, nullptr);
    }
    return *this;
  }
  ~Chunk() { release(); }

  [[nodiscard]] bool taken() const { return pool_ != nullptr; }
  [[nodiscard]] char* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  void release();

 private:
  friend class ChunkPool;
  Chunk(std::span<char> bytes, ChunkPool* pool) : bytes_(bytes), pool_(pool) {}

  std::span<char> bytes_;
  ChunkPool* pool_ = nullptr;
};

class ChunkPool {
 public:
  // A page: the least that is taken.
  static constexpr std::size_t kPage = 4096;
  // A head with a small body behind it: one read takes both, and as it is a short one it says that
  // the socket is empty.
  static constexpr std::size_t kMessage = 16384;
  // For bodies: fewer system calls per byte.
  static constexpr std::size_t kBody = 65536;

  ChunkPool() = default;
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;
  ~ChunkPool();

  // The smallest chunk of at least `size` bytes; beyond kBody it is exactly that large and not
  // kept.
  Chunk take(std::size_t size);

 private:
  friend class Chunk;
  struct FreeList {
    std::size_t size;
    std::size_t most_kept;
    std::vector<char*> free;
  };

  void give_back(std::span<char> bytes);

  std::array<FreeList, 3> lists_{{{kPage, 64, {}}, {kMessage, 256, {}}, {kBody, 64, {}}}};
};

}  // namespace sluice::net
