// SPDX-License-Identifier: MIT
#include "app/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::app {
namespace {

ParsedOptions parse(std::vector<std::string> words) {
  words.insert(words.begin(), "nginx");
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return parse_options(static_cast<int>(words.size()), pointers.data());
}

TEST(Options, AreAllOffAtFirst) {
  const auto [options, error] = parse({});
  EXPECT_EQ(error, "");
  EXPECT_FALSE(options.help || options.version || options.version_and_build || options.test ||
               options.dump || options.quiet);
  EXPECT_EQ(options.signal, "");
  EXPECT_FALSE(options.prefix || options.error_log || options.file);
  EXPECT_EQ(options.directives, "");
}

TEST(Options, StandAloneOrTogether) {
  EXPECT_TRUE(parse({"-t"}).options.test);
  const Options both = parse({"-tq"}).options;
  EXPECT_TRUE(both.test);
  EXPECT_TRUE(both.quiet);
  const Options all = parse({"-v", "-V", "-h"}).options;
  EXPECT_TRUE(all.version && all.version_and_build && all.help);
}

TEST(Options, AskForHelpWithAQuestionMark) {
  const auto [options, error] = parse({"-?"});
  EXPECT_EQ(error, "");
  EXPECT_TRUE(options.help);
}

TEST(Options, TakeTheirValueWithOrWithoutABlank) {
  const Options apart =
      parse({"-p", "/p", "-e", "/e", "-c", "/c", "-g", "daemon off;", "-s", "quit"}).options;
  EXPECT_EQ(apart.prefix, "/p");
  EXPECT_EQ(apart.error_log, "/e");
  EXPECT_EQ(apart.file, "/c");
  EXPECT_EQ(apart.directives, "daemon off;");
  EXPECT_EQ(apart.signal, "quit");
  const Options glued = parse({"-p/p", "-tc/c"}).options;
  EXPECT_EQ(glued.prefix, "/p");
  EXPECT_EQ(glued.file, "/c");
  EXPECT_TRUE(glued.test);
}

TEST(Options, DumpOnlyWhatTheyTested) {
  const Options options = parse({"-T"}).options;
  EXPECT_TRUE(options.dump);
  EXPECT_TRUE(options.test);
}

TEST(Options, KnowFourSignals) {
  for (const char* signal : {"stop", "quit", "reopen", "reload"}) {
    EXPECT_EQ(parse({"-s", signal}).error, "") << signal;
  }
  EXPECT_EQ(parse({"-s", "restart"}).error, "invalid option: \"-s restart\"");
}

TEST(Options, AreRefusedInNginxsWords) {
  EXPECT_EQ(parse({"-x"}).error, "invalid option: \"x\"");
  EXPECT_EQ(parse({"-tx"}).error, "invalid option: \"x\"");
  EXPECT_EQ(parse({"file"}).error, "invalid option: \"file\"");
  EXPECT_EQ(parse({"-t", "file"}).error, "invalid option: \"file\"");
  EXPECT_EQ(parse({"-p"}).error, "option \"-p\" requires directory name");
  EXPECT_EQ(parse({"-t", "-c"}).error, "option \"-c\" requires file name");
  EXPECT_EQ(parse({"-e"}).error, "option \"-e\" requires file name");
  EXPECT_EQ(parse({"-g"}).error, "option \"-g\" requires parameter");
  EXPECT_EQ(parse({"-s"}).error, "option \"-s\" requires parameter");
}

TEST(Options, CanBeReadAgainAfterAMistakeAmidAWord) {  // getopt remembers where it was
  EXPECT_NE(parse({"-xt"}).error, "");
  EXPECT_TRUE(parse({"-t"}).options.test);
  EXPECT_TRUE(parse({"-q"}).options.quiet);
}

TEST(VersionText, IsWhatToolsParse) {
  EXPECT_TRUE(version_text().starts_with("nginx version: nginx/1."));
  EXPECT_TRUE(version_text().ends_with(")\n"));
  EXPECT_TRUE(help_text().starts_with(version_text()));
  EXPECT_TRUE(version_and_build_text().starts_with(version_text()));
}

}  // namespace
}  // namespace sluice::app
