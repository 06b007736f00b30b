// SPDX-License-Identifier: MIT
// docs/SIMULATE.md shows what is really printed: its commands are run on its configuration.
#include <algorithm>
#include <cstdlib>

#include "tests/simulate/simulation.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace sluice::simulate {
namespace {

// The blocks between ``` with this first line, that line included.
std::vector<std::string> blocks(const std::string& page, const std::string& beginning) {
  std::vector<std::string> found;
  const std::string opening = "```" + beginning;
  for (std::size_t at = page.find(opening); at != page.npos; at = page.find(opening, at + 1)) {
    const std::size_t begin = at + 3;
    found.push_back(page.substr(begin, page.find("```", begin) - begin));
  }
  return found;
}

// Words of a shell line; single quotes keep blanks.
Words shell_words(const std::string& line) {
  Words words{""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

TEST(Page, ShowsWhatIsPrinted) {
  const std::string page =
      tests::read_file(std::string(std::getenv("SLUICE_SOURCE")) + "/docs/SIMULATE.md");
  const tests::TempFolder folder;
  const auto configurations = blocks(page, "nginx\n");
  ASSERT_EQ(configurations.size(), 1U);
  const std::string file = folder.write("app.conf", configurations[0].substr(6));
  const auto commands = blocks(page, "\n$ sluice simulate ");
  ASSERT_GE(commands.size(), 2U);
  for (const std::string& block : commands) {
    const std::size_t end = block.find('\n', 1);
    Words words = shell_words(block.substr(3, end - 3));
    words[0] = std::getenv("SLUICE_BINARY");
    std::ranges::replace(words, "app.conf", file);
    tests::ChildProcess process(words);
    EXPECT_EQ(process.wait(), 0);
    std::string printed;
    for (const std::string& line : process.all_lines(tests::ChildProcess::out)) {
      printed += line + "\n";
    }
    EXPECT_EQ(printed, block.substr(end + 1)) << block.substr(0, end);
  }
}

}  // namespace
}  // namespace sluice::simulate
