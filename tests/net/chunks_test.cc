// SPDX-License-Identifier: MIT
#include "net/chunks.h"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(ChunkPool, GivesTheSmallestSizeThatFits) {
  ChunkPool pool;
  EXPECT_EQ(pool.take(1).size(), ChunkPool::kPage);
  EXPECT_EQ(pool.take(ChunkPool::kPage + 1).size(), ChunkPool::kMessage);
  EXPECT_EQ(pool.take(ChunkPool::kBody).size(), ChunkPool::kBody);
  EXPECT_EQ(pool.take(ChunkPool::kBody + 1).size(), ChunkPool::kBody + 1);
}

TEST(ChunkPool, GivesTheSameMemoryAgain) {
  ChunkPool pool;
  Chunk chunk = pool.take(100);
  const char* const memory = chunk.data();
  chunk.release();
  EXPECT_FALSE(chunk.taken());
  EXPECT_EQ(pool.take(100).data(), memory);
}

TEST(Chunk, MovesItsMemoryAlong) {
  ChunkPool pool;
  Chunk first = pool.take(100);
  const char* const memory = first.data();
  Chunk second = std::move(first);
  EXPECT_EQ(second.data(), memory);
  second = pool.take(100);
  EXPECT_NE(second.data(), memory);
}

}  // namespace
}  // namespace sluice::net
