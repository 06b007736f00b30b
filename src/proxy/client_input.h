// SPDX-License-Identifier: MIT
// The bytes a client has sent and nobody has used yet: the head of its request, the beginning of
// its body, the requests it sent ahead.
//
// The head's views point in here, so the bytes of a head stay where they are until next_message().
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "net/chunks.h"
#include "net/stream.h"

namespace sluice::proxy {

class ClientInput {
 public:
  [[nodiscard]] std::string_view unread() const { return {chunk_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }

  // Reads what is there into the free room; takes a chunk when it has none.
  net::Transfer read_now(net::Stream& client, net::ChunkPool& chunks);
  // Is there no room for another byte?
  [[nodiscard]] bool full() const { return chunk_.taken() && end_ == chunk_.size(); }
  // Moves everything into a chunk of at least `size` bytes.
  void grow(net::ChunkPool& chunks, std::size_t size);

  // The present message is done with: what is left moves to the front, or the chunk is given back.
  void next_message();
  // A body reader read too far: its chunk becomes ours.  All of ours was consumed before.
  void adopt(net::Chunk chunk, std::size_t begin, std::size_t end);
  void release();

 private:
  net::Chunk chunk_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sluice::proxy
