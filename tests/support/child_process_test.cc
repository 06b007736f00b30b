// SPDX-License-Identifier: MIT
#include "tests/support/child_process.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

ChildProcess::Stream out = ChildProcess::out;

TEST(ChildProcess, GivesItsLinesAndItsExitCode) {
  ChildProcess child({"/bin/sh", "-c", "echo one; echo two >&2; printf three; exit 7"});
  EXPECT_EQ(child.wait(), 7);
  EXPECT_TRUE(child.wait_for_line(out, "three"));
  EXPECT_TRUE(child.wait_for_line(ChildProcess::err, "two"));
  EXPECT_EQ(child.lines(out), (std::vector<std::string>{"one", "three"}));
  EXPECT_FALSE(child.is_running());
}

TEST(ChildProcess, HearsSignals) {
  ChildProcess child(
      {"/bin/sh", "-c", "trap 'echo heard; exit 0' USR1; echo ready; while :; do read x; done"});
  ASSERT_TRUE(child.wait_for_line(out, "ready"));
  child.signal(SIGUSR1);
  EXPECT_TRUE(child.wait_for_line(out, "heard"));
  EXPECT_EQ(child.wait(), 0);
}

TEST(ChildProcess, IsKilledWithWhatItStartedWhenItsObjectGoes) {
  Socket grandchild;
  {
    ChildProcess child({"/bin/sh", "-c", "/bin/sleep 1000 & echo $!; wait"});
    const auto line = child.wait_for_line(out, [](const std::string&) { return true; });
    ASSERT_TRUE(line);
    grandchild = Socket(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(*line), 0)));
    EXPECT_FALSE(wait_readable(grandchild, Deadline(milliseconds{0})));
    EXPECT_GT(child.resident_kib(), 0);
  }
  EXPECT_TRUE(wait_readable(grandchild, Deadline()));
}

TEST(TempFolder, IsGoneAfterwards) {
  std::filesystem::path path;
  {
    const TempFolder folder;
    path = folder.path();
    EXPECT_EQ(read_file(folder.write("a/b.conf", "x;")), "x;");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace sluice::tests
