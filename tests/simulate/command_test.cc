// SPDX-License-Identifier: MIT
// The command as it is typed: `sluice simulate …`.
#include <cstdlib>

#include "tests/simulate/simulation.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace sluice::simulate {
namespace {

struct Outcome {
  int code;
  std::vector<std::string> out;
  std::vector<std::string> err;
};

Outcome type(Words words) {
  words.insert(words.begin(), {std::getenv("SLUICE_BINARY"), "simulate"});
  tests::ChildProcess process(words);
  const int code = process.wait();
  return {code, process.all_lines(tests::ChildProcess::out),
          process.all_lines(tests::ChildProcess::err)};
}

class Command : public testing::Test {
 protected:
  tests::TempFolder folder_;
  std::string file_ = folder_.write("app.conf",
                                    "upstream app { server 10.0.0.1:8000 weight=5;\n"
                                    "  server 10.0.0.2:8000; server 10.0.0.3:8000; }\n");
};

TEST_F(Command, PrintsTheSimulation) {
  const auto [code, out, err] = type({"-c", file_, "--requests", "7"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(err, testing::IsEmpty());
  ASSERT_GT(out.size(), 4U);
  EXPECT_EQ(out[0], "upstream app: 7 requests, 7 at a time, 1,000 clients, 1,000 URIs, seed 1");
  EXPECT_THAT(out, testing::Contains("first picks  AABACAA"));
}

TEST_F(Command, PrintsHelp) {
  const auto [code, out, err] = type({"--help"});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(out.at(0), "Usage: sluice simulate -c FILE [options]");
  EXPECT_THAT(err, testing::IsEmpty());
}

TEST_F(Command, SaysWhatIsWrongAndFails) {
  const auto misspelt = type({"-c", file_, "--reqests", "7"});
  EXPECT_EQ(misspelt.code, 1);
  EXPECT_THAT(misspelt.err,
              testing::ElementsAre("nginx: invalid option: \"--reqests\"; did you mean "
                                   "\"--requests\"?"));
  const auto nobody = type({"-c", file_, "--upstream", "apps"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, testing::ElementsAre("nginx: [emerg] no upstream \"apps\" in " + file_ +
                                               "; did you mean \"app\"?"));
  EXPECT_THAT(nobody.out, testing::IsEmpty());
}

TEST_F(Command, ExplainsAWrongConfiguration) {
  const std::string wrong = folder_.write("wrong.conf", "upstream app { sever 10.0.0.1; }");
  const auto [code, out, err] = type({"-c", wrong});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(err.at(0), testing::HasSubstr("[emerg] unknown directive \"sever\""));
}

}  // namespace
}  // namespace sluice::simulate
