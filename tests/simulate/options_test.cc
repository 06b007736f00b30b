// SPDX-License-Identifier: MIT
#include "simulate/options.h"

#include "tests/simulate/simulation.h"

namespace sluice::simulate {
namespace {

TEST(Options, HaveDefaults) {
  const auto [options, error] = parse({});
  EXPECT_EQ(error, "");
  EXPECT_FALSE(options.help || options.json || options.file || options.prefix);
  EXPECT_EQ(options.upstream, "");
  EXPECT_EQ(options.requests, 10'000U);
  EXPECT_EQ(options.concurrency, 10U);
  EXPECT_EQ(options.parallel, 0U);
  EXPECT_EQ(options.jitter, 0U);
  EXPECT_EQ(options.seed, 1U);
  EXPECT_EQ(options.clients.count, 1000U);
  EXPECT_EQ(options.uris.count, 1000U);
  EXPECT_TRUE(options.down.empty() && options.slow.empty() && options.compare.empty());
}

TEST(Options, AreAllRead) {
  const auto [options, error] = parse({"-c",
                                       "x.conf",
                                       "-p",
                                       "/p",
                                       "-g",
                                       "user a;",
                                       "--upstream",
                                       "app",
                                       "--requests=7",
                                       "--clients",
                                       "clients.txt",
                                       "--uris",
                                       "20",
                                       "--concurrency",
                                       "3",
                                       "--parallel",
                                       "2",
                                       "--jitter",
                                       "10",
                                       "--seed",
                                       "99",
                                       "--compare",
                                       "ip_hash,hash $uri consistent",
                                       "--json"});
  ASSERT_EQ(error, "");
  EXPECT_EQ(options.file, "x.conf");
  EXPECT_EQ(options.prefix, "/p");
  EXPECT_EQ(options.directives, "user a;");
  EXPECT_EQ(options.upstream, "app");
  EXPECT_EQ(options.requests, 7U);
  EXPECT_EQ(options.clients.file, "clients.txt");
  EXPECT_EQ(options.clients.count, 0U);
  EXPECT_EQ(options.uris.file, "");
  EXPECT_EQ(options.uris.count, 20U);
  EXPECT_EQ(options.concurrency, 3U);
  EXPECT_EQ(options.parallel, 2U);
  EXPECT_EQ(options.jitter, 10U);
  EXPECT_EQ(options.seed, 99U);
  EXPECT_THAT(options.compare, testing::ElementsAre("ip_hash", "hash $uri consistent"));
  EXPECT_TRUE(options.json);
}

TEST(Options, AskForHelpInEveryWay) {
  for (const char* word : {"-h", "-?", "--help"}) {
    const auto [options, error] = parse({word});
    EXPECT_TRUE(options.help) << word;
    EXPECT_EQ(error, "") << word;
  }
  EXPECT_THAT(help_text(), testing::StartsWith("Usage: sluice simulate -c FILE"));
}

TEST(Options, TakeWindowsInRequestsAndInSeconds) {
  const auto [options, error] = parse({"--down", "10.0.0.1:80@100-300", "--down",
                                       "unix:/a@b@1.5s-20s", "--down", "A@7-", "--down", "B@2s-"});
  ASSERT_EQ(error, "");
  ASSERT_EQ(options.down.size(), 4U);
  EXPECT_EQ(options.down[0].peer, "10.0.0.1:80");
  EXPECT_FALSE(options.down[0].window.in_time);
  EXPECT_EQ(options.down[0].window.from, 100U);
  EXPECT_EQ(options.down[0].window.to, 300U);
  EXPECT_EQ(options.down[1].peer, "unix:/a@b");
  EXPECT_TRUE(options.down[1].window.in_time);
  EXPECT_EQ(options.down[1].window.from, 1'500'000U);
  EXPECT_EQ(options.down[1].window.to, 20'000'000U);
  EXPECT_EQ(options.down[2].window.to, ~std::uint64_t{0});
  EXPECT_TRUE(options.down[3].window.in_time);
  EXPECT_EQ(options.down[3].window.from, 2'000'000U);
}

TEST(Options, TakeServiceTimesInMillisecondsWithFractions) {
  const auto [options, error] =
      parse({"--slow", "A=25", "--slow", "10.0.0.1:80=0.25", "--slow", "B=2.5@10-20"});
  ASSERT_EQ(error, "");
  ASSERT_EQ(options.slow.size(), 3U);
  EXPECT_EQ(options.slow[0].service_time, Micros{25'000});
  EXPECT_EQ(options.slow[1].peer, "10.0.0.1:80");
  EXPECT_EQ(options.slow[1].service_time, Micros{250});
  EXPECT_EQ(options.slow[2].service_time, Micros{2'500});
  EXPECT_EQ(options.slow[2].window.from, 10U);
  EXPECT_EQ(options.slow[2].window.to, 20U);
}

TEST(Options, AreRefusedWithTheNearestName) {
  EXPECT_EQ(parse({"--reqests", "5"}).error,
            "invalid option: \"--reqests\"; did you mean \"--requests\"?");
  EXPECT_EQ(parse({"--donw=A@1-2"}).error,
            "invalid option: \"--donw=A@1-2\"; did you mean \"--down\"?");
  EXPECT_EQ(parse({"--zzzzzzzzz"}).error, "invalid option: \"--zzzzzzzzz\"");
  EXPECT_EQ(parse({"--c", "5"}).error, "invalid option: \"--c\"");  // clients, compare …
  EXPECT_EQ(parse({"-x"}).error, "invalid option: \"-x\"");
  EXPECT_EQ(parse({"--json", "word"}).error, "invalid option: \"word\"");
  EXPECT_EQ(parse({"--requests"}).error, "option \"--requests\" requires a value");
  EXPECT_EQ(parse({"-c"}).error, "option \"-c\" requires a value");
}

struct Wrong {
  const char* option;
  const char* value;
  const char* expected;
};

constexpr const char* kWindow =
    "FROM-TO after \"@\", in requests (\"100-300\") or in virtual seconds (\"1s-2.5s\")";
constexpr const char* kDownForm = "PEER@FROM-TO, as in \"10.0.0.1:8000@100-300\"";
constexpr const char* kSlowForm = "PEER=MS, as in \"10.0.0.1:8000=25\"";
constexpr const char* kService = "milliseconds from 0.001 to 60000 after \"=\"";
constexpr const char* kMethods = "methods with commas between them, as in \"round_robin,ip_hash\"";

constexpr Wrong kWrong[] = {
    {"--requests", "0", "a whole number from 1 to 10000000"},
    {"--requests", "10000001", "a whole number from 1 to 10000000"},
    {"--requests", "abc", "a whole number from 1 to 10000000"},
    {"--requests", "", "a whole number from 1 to 10000000"},
    {"--concurrency", "10001", "a whole number from 1 to 10000"},
    {"--parallel", "0", "a whole number from 1 to 10000"},
    {"--jitter", "101", "a whole number from 0 to 100"},
    {"--seed", "-1", "a whole number from 0 to 9223372036854775807"},
    {"--seed", "9223372036854775808", "a whole number from 0 to 9223372036854775807"},
    {"--clients", "0", "a whole number from 1 to 1000000"},
    {"--uris", "1000001", "a whole number from 1 to 1000000"},
    {"--down", "A", kDownForm},
    {"--down", "@1-2", kDownForm},
    {"--down", "A@5", kWindow},
    {"--down", "A@-5", kWindow},
    {"--down", "A@x-5", kWindow},
    {"--down", "A@1.5-5", kWindow},
    {"--down", "A@1.s-5s", kWindow},
    {"--down", "A@1.2345s-5s", kWindow},
    {"--down", "A@5-5", "FROM before TO"},
    {"--down", "A@5-4", "FROM before TO"},
    {"--down", "A@1s-5", "FROM and TO in the same unit, both in requests or both with \"s\""},
    {"--slow", "A", kSlowForm},
    {"--slow", "=5", kSlowForm},
    {"--slow", "A=", kService},
    {"--slow", "A=0", kService},
    {"--slow", "A=-1", kService},
    {"--slow", "A=1.2345", kService},
    {"--slow", "A=60000.001", kService},
    {"--slow", "A=1@5", kWindow},
    {"--compare", "", kMethods},
    {"--compare", "ip_hash,,fair", kMethods},
    {"--compare", "ip_hash, ", kMethods},
};

TEST(Options, SayWhatAValueShouldBe) {
  for (const Wrong& wrong : kWrong) {
    EXPECT_EQ(parse({wrong.option, wrong.value}).error,
              std::string("invalid value \"") + wrong.value + "\" of option \"" + wrong.option +
                  "\": expected " + wrong.expected);
  }
}

}  // namespace
}  // namespace sluice::simulate
