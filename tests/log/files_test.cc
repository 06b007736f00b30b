// SPDX-License-Identifier: MIT
// Lines go to their file in whole, soon or as late as they may, and never make anybody wait.
#include "log/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "tests/support/deadline.h"
#include "tests/support/sockets.h"
#include "tests/support/temp_folder.h"

namespace sluice::log {
namespace {

using namespace std::chrono_literals;
using tests::Deadline;
using tests::read_file;
using tests::TempFolder;

// Files with their thread, and what it complained of.
class RunningFiles {
 public:
  RunningFiles() {
    files.prepare([this](const std::string& text) {
      const std::lock_guard lock(lock_);
      complaints_.push_back(text);
    });
    files.start();
  }
  std::shared_ptr<File> open(const std::string& path) {
    std::error_code error;
    std::shared_ptr<File> file = files.open(path, error);
    EXPECT_FALSE(error) << error.message();
    return file;
  }
  std::string wait_for_complaint() {
    const Deadline deadline;
    while (!deadline.passed()) {
      const std::lock_guard lock(lock_);
      if (!complaints_.empty()) return complaints_.front();
    }
    return "";
  }

  Files files;

 private:
  std::mutex lock_;
  std::vector<std::string> complaints_;
};

std::string wait_for_text(const std::string& path, std::string_view text) {
  const Deadline deadline;
  std::string found = read_file(path);
  while (found.find(text) == std::string::npos && !deadline.passed()) {
    std::this_thread::yield();
    found = read_file(path);
  }
  return found;
}

TEST(Files, WriteAtOnceWithoutTheirThread) {
  const TempFolder folder;
  Files files;
  std::error_code error;
  files.open(folder.file("log"), error)->write("line\n");
  EXPECT_EQ(read_file(folder.file("log")), "line\n");
}

TEST(Files, SayWhatCannotBeOpened) {
  Files files;
  std::error_code error;
  EXPECT_EQ(files.open("/nowhere/at/all", error), nullptr);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
}

TEST(Files, GiveTheSameFileForTheSamePath) {
  const TempFolder folder;
  RunningFiles running;
  const auto one = running.open(folder.file("log"));
  EXPECT_EQ(one, running.open(folder.file("log")));
  EXPECT_NE(one, running.open(folder.file("other")));
  EXPECT_EQ(running.files.all().size(), 1U);  // the other has no owner any more
}

TEST(Files, WriteAnUnbufferedLineSoon) {
  const TempFolder folder;
  RunningFiles running;
  const auto file = running.open(folder.file("log"));
  file->write("line\n");
  EXPECT_EQ(wait_for_text(folder.file("log"), "\n"), "line\n");
}

TEST(Files, CollectLinesUntilTheBufferIsFull) {
  const TempFolder folder;
  RunningFiles running;
  const auto file = running.open(folder.file("log"));
  const Buffering buffering{12, {}};
  file->write("one\n", buffering);
  file->write("two\n", buffering);
  running.open(folder.file("other"))->write("done\n");
  wait_for_text(folder.file("other"), "\n");
  EXPECT_EQ(read_file(folder.file("log")), "");
  file->write("six\n", buffering);
  EXPECT_EQ(wait_for_text(folder.file("log"), "six\n"), "one\ntwo\nsix\n");
}

TEST(Files, WriteWhatIsBufferedWhenItsTimeHasCome) {
  const TempFolder folder;
  RunningFiles running;
  const auto file = running.open(folder.file("log"));
  const auto begin = std::chrono::steady_clock::now();
  file->write("line\n", {1000, 30ms});
  EXPECT_EQ(wait_for_text(folder.file("log"), "\n"), "line\n");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 30ms);
}

TEST(Files, WriteWhatIsBufferedWhenAskedTo) {
  const TempFolder folder;
  RunningFiles running;
  const auto file = running.open(folder.file("log"));
  file->write("line\n", {1000, {}});
  running.files.flush();
  EXPECT_EQ(wait_for_text(folder.file("log"), "\n"), "line\n");
}

TEST(Files, WriteWhatIsBufferedAtTheEnd) {
  const TempFolder folder;
  RunningFiles running;
  const auto file = running.open(folder.file("log"));
  file->write("line\n", {1000, {}});
  running.files.stop(0ms);
  EXPECT_EQ(read_file(folder.file("log")), "line\n");
  file->write("last words\n");
  EXPECT_EQ(read_file(folder.file("log")), "line\nlast words\n");
}

TEST(Files, WriteTheLinesOfAFileThatNobodyHasAnyMore) {
  const TempFolder folder;
  RunningFiles running;
  running.open(folder.file("log"))->write("line\n", {1000, {}});
  EXPECT_EQ(wait_for_text(folder.file("log"), "\n"), "line\n");
}

TEST(Files, AreReopenedAfterWhatWaitsWasWritten) {
  const TempFolder folder;
  RunningFiles running;
  const std::string path = folder.file("log");
  const auto file = running.open(path);
  file->write("before\n", {1000, {}});
  std::filesystem::rename(path, path + ".1");
  EXPECT_EQ(running.files.reopen_all(), std::vector<std::string>{});
  EXPECT_EQ(read_file(path + ".1"), "before\n");
  file->write("after\n");
  EXPECT_EQ(wait_for_text(path, "\n"), "after\n");
}

TEST(Files, SayWhichOfThemCannotBeReopened) {
  const TempFolder folder;
  RunningFiles running;
  const std::string path = folder.write("inner/log", "");
  const auto other = running.open(folder.file("other"));
  const auto file = running.open(path);
  std::filesystem::remove_all(folder.file("inner"));
  EXPECT_EQ(running.files.reopen_all(),
            std::vector{"open() \"" + path + "\" failed (2: No such file or directory)"});
}

TEST(Files, LoseNoLineWhenTheyAreReopenedUnderLoad) {
  constexpr int kThreads = 4;
  constexpr int kLines = 5000;
  const TempFolder folder;
  const std::string path = folder.file("log");
  RunningFiles running;
  const auto file = running.open(path);
  std::vector<std::thread> writers;
  for (int number = 0; number < kThreads; ++number) {
    writers.emplace_back([&file, number] {
      const Buffering buffering{number % 2 == 0 ? std::size_t{0} : std::size_t{4096}, {}};
      for (int i = 0; i < kLines; ++i) {
        file->write("a line of thread " + std::to_string(number) + "\n", buffering);
        if (i % 100 == 0) std::this_thread::yield();
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    std::filesystem::rename(path, path + std::to_string(i));
    EXPECT_EQ(running.files.reopen_all(), std::vector<std::string>{});
  }
  for (std::thread& writer : writers) writer.join();
  running.files.stop(0ms);
  std::string all = read_file(path);
  for (int i = 0; i < 5; ++i) all += read_file(path + std::to_string(i));
  const std::string line = "a line of thread 0\n";
  ASSERT_EQ(all.size(), kThreads * kLines * line.size());
  for (std::size_t at = 0; at < all.size(); at += line.size()) {
    ASSERT_EQ(all.substr(at, line.size() - 2), line.substr(0, line.size() - 2));
  }
}

TEST(Files, TellOfWhatAFullDiskLost) {
  RunningFiles running;
  const auto file = running.open("/dev/full");
  file->write("one\ntwo\n");
  EXPECT_EQ(running.wait_for_complaint(),
            "2 lines of the log lost: write() to \"/dev/full\" failed "
            "(28: No space left on device)");
}

TEST(Files, NeverWaitForTheReaderOfAFifo) {
  const TempFolder folder;
  const std::string path = folder.file("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  RunningFiles running;
  const auto file = running.open(path);  // nobody reads it
  const std::string line = std::string(999, 'x') + "\n";
  for (int i = 0; i < 3000; ++i) file->write(line);
  EXPECT_TRUE(running.wait_for_complaint().ends_with("of the log lost: write() to \"" + path +
                                                     "\" is too slow"));

  // A reader who comes late gets whole lines, and the new ones as well.
  const tests::Socket reader{::open(path.c_str(), O_RDONLY | O_NONBLOCK)};
  file->write("the end\n");
  std::string text;
  const Deadline deadline;
  while (!text.ends_with("the end\n") && !deadline.passed()) {
    std::array<char, 65536> piece;
    const auto got = ::read(reader.fd(), piece.data(), piece.size());
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() % 1000 == 0) file->write("the end\n");  // the first may have been lost as well
  }
  const std::string_view end = "the end\n";
  EXPECT_TRUE(text.ends_with(end));
  while (text.ends_with(end)) text.resize(text.size() - end.size());
  EXPECT_EQ(text.size() % line.size(), 0U);
  EXPECT_TRUE(text.starts_with(line + line));
  EXPECT_TRUE(text.ends_with(line));
}

TEST(Files, GiveUpASlowReaderAtTheEnd) {
  const TempFolder folder;
  const std::string path = folder.file("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  RunningFiles running;
  const auto file = running.open(path);
  for (int i = 0; i < 200; ++i) file->write(std::string(999, 'x') + "\n");
  running.files.stop(20ms);
  EXPECT_FALSE(running.files.running());
}

}  // namespace
}  // namespace sluice::log
