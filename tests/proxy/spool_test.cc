// SPDX-License-Identifier: MIT
#include "proxy/spool.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/temp_folder.h"

namespace sluice::proxy {
namespace {

class SpoolTest : public testing::Test {
 protected:
  Spool::Limits limits(std::uint64_t memory, std::uint64_t file) { return {memory, file, &path_}; }

  std::string take(Spool& spool, std::size_t most) {
    std::error_code error;
    const std::string_view front = spool.front(error).substr(0, most);
    EXPECT_FALSE(error);
    std::string bytes{front};
    spool.drop(front.size());
    return bytes;
  }
  std::string take_all(Spool& spool) {
    std::string all;
    while (!spool.empty()) {
      all += take(spool, 1000);
    }
    return all;
  }

  tests::TempFolder folder_;
  std::string path_ = folder_.path().string();
  net::ChunkPool chunks_;
};

TEST_F(SpoolTest, KeepsTheOrderFromMemoryToFile) {
  Spool spool{chunks_};
  spool.restart(limits(100, 1'000'000));
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string piece(70, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(spool.has_room());
    ASSERT_FALSE(spool.put(piece));
    all += piece;
  }
  EXPECT_TRUE(spool.uses_file());
  EXPECT_EQ(take_all(spool), all);
  EXPECT_TRUE(spool.empty());
}

TEST_F(SpoolTest, NeedsNoFileForWhatFitsIntoMemory) {
  Spool spool{chunks_};
  spool.restart(limits(32768, 1'000'000));
  ASSERT_FALSE(spool.put(std::string(32767, 'x')));
  ASSERT_FALSE(spool.put("the last one is taken whole"));
  EXPECT_FALSE(spool.uses_file());
  EXPECT_EQ(take_all(spool).size(), 32767u + 27u);
}

TEST_F(SpoolTest, HasNoRoomBeyondBoth) {
  Spool spool{chunks_};
  spool.restart(limits(10, 20));
  EXPECT_FALSE(spool.put("0123456789"));
  EXPECT_TRUE(spool.has_room());
  EXPECT_FALSE(spool.put("01234567890123456789"));
  EXPECT_FALSE(spool.has_room());
  take_all(spool);
  EXPECT_TRUE(spool.has_room());
  EXPECT_FALSE(spool.uses_file());  // and begins in memory again
}

TEST_F(SpoolTest, WithoutAFileHasNoRoomBeyondMemory) {
  Spool spool{chunks_};
  spool.restart(limits(10, 0));
  EXPECT_FALSE(spool.put("0123456789"));
  EXPECT_FALSE(spool.has_room());
}

TEST_F(SpoolTest, SaysWhyThereIsNoFile) {
  Spool spool{chunks_};
  path_ += "/missing";
  spool.restart(limits(1, 100));
  EXPECT_FALSE(spool.put("a"));
  EXPECT_EQ(spool.put("b"), std::errc::no_such_file_or_directory);
  spool.forgo_file();
  EXPECT_FALSE(spool.has_room());
  EXPECT_EQ(take_all(spool), "a");
  EXPECT_TRUE(spool.has_room());
}

TEST_F(SpoolTest, LeavesNothingBehind) {
  {
    Spool spool{chunks_};
    spool.restart(limits(1, 100));
    EXPECT_FALSE(spool.put("ab"));
    EXPECT_FALSE(spool.put("cd"));
    EXPECT_TRUE(spool.uses_file());
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));  // it has no name even now
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

// Against the obvious model: a string.
TEST_F(SpoolTest, IsAQueue) {
  std::mt19937 random{7};
  for (int round = 0; round < 20; ++round) {
    Spool spool{chunks_};
    spool.restart(limits(random() % 5000, random() % 200'000));
    std::string model;
    for (int i = 0; i < 500; ++i) {
      if (random() % 2 == 0 && spool.has_room()) {
        const std::string piece(1 + random() % 3000, static_cast<char>('a' + random() % 26));
        ASSERT_FALSE(spool.put(piece));
        model += piece;
      } else if (!model.empty()) {
        const std::string got = take(spool, 1 + random() % 4000);
        ASSERT_FALSE(got.empty());
        ASSERT_TRUE(model.starts_with(got));
        model.erase(0, got.size());
      }
      ASSERT_EQ(spool.empty(), model.empty());
    }
    EXPECT_EQ(take_all(spool), model);
  }
}

}  // namespace
}  // namespace sluice::proxy
