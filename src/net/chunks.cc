// SPDX-License-Identifier: MIT
#include "net/chunks.h"

#include <new>

namespace sluice::net {

void Chunk::release() {
  if (pool_ != nullptr) {
    std::exchange(pool_, nullptr)->give_back(std::exchange(bytes_, {}));
  }
}

ChunkPool::~ChunkPool() {
  for (FreeList& list : lists_) {
    for (char* memory : list.free) {
      ::operator delete(memory);
    }
  }
}

Chunk ChunkPool::take(std::size_t size) {
  for (FreeList& list : lists_) {
    if (size > list.size) {
      continue;
    }
    char* memory = nullptr;
    if (list.free.empty()) {
      memory = static_cast<char*>(::operator new(list.size));
    } else {
      memory = list.free.back();
      list.free.pop_back();
    }
    return {{memory, list.size}, this};
  }
  return {{static_cast<char*>(::operator new(size)), size}, this};
}

void ChunkPool::give_back(std::span<char> bytes) {
  for (FreeList& list : lists_) {
    if (bytes.size() == list.size && list.free.size() < list.most_kept) {
      list.free.push_back(bytes.data());
      return;
    }
  }
  ::operator delete(bytes.data());
}

}  // namespace sluice::net
