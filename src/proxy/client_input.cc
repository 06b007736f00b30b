// SPDX-License-Identifier: MIT
#include "proxy/client_input.h"

#include <cstring>

namespace sluice::proxy {

net::Transfer ClientInput::read_now(net::Stream& client, net::ChunkPool& chunks) {
  if (!client.may_be_readable()) {
    return {0, net::Errc::would_block};  // takes no chunk for nothing
  }
  if (!chunk_.taken()) {
    chunk_ = chunks.take(net::ChunkPool::kMessage);
    begin_ = end_ = 0;
  }
  const net::Transfer got = client.read_now({chunk_.data() + end_, chunk_.size() - end_});
  end_ += got.bytes;
  if (begin_ == end_) {
    release();  // an idle connection holds no buffer
  }
  return got;
}

void ClientInput::grow(net::ChunkPool& chunks, std::size_t size) {
  net::Chunk larger = chunks.take(size);
  std::memcpy(larger.data(), chunk_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  chunk_ = std::move(larger);
}

void ClientInput::next_message() {
  if (begin_ == end_) {
    release();
    return;
  }
  std::memmove(chunk_.data(), chunk_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
}

void ClientInput::adopt(net::Chunk chunk, std::size_t begin, std::size_t end) {
  chunk_ = std::move(chunk);
  begin_ = begin;
  end_ = end;
}

void ClientInput::release() {
  chunk_.release();
  begin_ = end_ = 0;
}

}  // namespace sluice::proxy
