// SPDX-License-Identifier: MIT
#include "log/error_log.h"

#include <gmock/gmock.h>

#include "log/files.h"
#include "tests/support/temp_folder.h"

namespace sluice::log {
namespace {

using testing::MatchesRegex;
using tests::read_file;
using tests::TempFolder;

struct Example {
  TempFolder folder;
  Files files;
  std::error_code error;
  std::string path = folder.file("error.log");
  ErrorLog log{{{files.open(path, error), Level::warn}}};
};

TEST(ErrorLog, WritesLinesOfNginxsShape) {
  Example example;
  example.log.write(Level::error, "trouble, client: a", 7);
  example.log.write(Level::warn, "more");
  EXPECT_THAT(read_file(example.path),
              MatchesRegex("[0-9/]+ [0-9:]+ \\[error\\] [0-9]+#[0-9]+: \\*7 trouble, client: a\n"
                           "[0-9/]+ [0-9:]+ \\[warn\\] [0-9]+#[0-9]+: more\n"));
}

TEST(ErrorLog, LeavesOutWhatIsLessGraveThanItsLevel) {
  Example example;
  example.log.write(Level::notice, "no news");
  EXPECT_FALSE(example.log.takes(Level::notice));
  EXPECT_EQ(read_file(example.path), "");
}

TEST(ErrorLog, CutsALineAfter2048Bytes) {
  Example example;
  example.log.write(Level::error, std::string(5000, 'x'));
  const std::string text = read_file(example.path);
  EXPECT_EQ(text.size(), 2048U);
  EXPECT_TRUE(text.ends_with("x\n"));
}

}  // namespace
}  // namespace sluice::log
