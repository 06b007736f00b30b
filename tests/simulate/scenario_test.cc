// SPDX-License-Identifier: MIT
// Options that do not fit the configuration, and files of clients and URIs.
#include "tests/simulate/simulation.h"
#include "tests/support/temp_folder.h"

namespace sluice::simulate {
namespace {

using testing::HasSubstr;

TEST(Scenario, NamesTheUpstreamThatWasMeant) {
  Simulation app{"round_robin", peers({1, 1})};
  app.upstreams.push_back(app.upstreams.front());
  app.upstreams.back().name = "pages";
  EXPECT_EQ(app.error({"--upstream", "pagse"}),
            "no upstream \"pagse\" in app.conf; did you mean \"pages\"?");
  EXPECT_EQ(app.error({"--upstream", "zzzzzzzz"}),
            "no upstream \"zzzzzzzz\" in app.conf; there is app, pages");
  EXPECT_THAT(app.text("--upstream pages"), HasSubstr("upstream pages: "));
}

TEST(Scenario, TakesTheFirstOfSeveralUpstreamsAndSaysSo) {
  Simulation app{"round_robin", peers({1, 1})};
  EXPECT_THAT(app.text(""), testing::Not(HasSubstr("note")));
  app.upstreams.push_back(app.upstreams.front());
  app.upstreams.back().name = "pages";
  EXPECT_THAT(app.text(""),
              HasSubstr("note: the first of 2 upstreams; the others with --upstream: pages\n"));
}

TEST(Scenario, NeedsAnUpstream) {
  Simulation app{"round_robin", peers({1})};
  app.upstreams.clear();
  EXPECT_EQ(app.error({}), "no \"upstream\" block in app.conf: nothing to simulate");
}

TEST(Scenario, NamesThePeerThatWasMeant) {
  const Simulation app{"round_robin", peers({1, 1})};
  EXPECT_EQ(app.error({"--down", "10.0.0.9:80@1-2"}),
            "no peer \"10.0.0.9:80\" for option \"--down\"; did you mean \"10.0.0.1:80\"?");
  EXPECT_EQ(app.error({"--slow", "C=5"}),
            "no peer \"C\" for option \"--slow\"; there is 10.0.0.1:80, 10.0.0.2:80");
}

TEST(Scenario, ChecksTheMethodsToCompare) {
  Simulation app{"round_robin", peers({1, 1})};
  EXPECT_EQ(app.error({"--compare", "fiar"}),
            "unknown method \"fiar\" in option \"--compare\"; did you mean \"fair\"?");
  EXPECT_THAT(app.error({"--compare", "zzzzzz"}),
              testing::StartsWith("unknown method \"zzzzzz\" in option \"--compare\"; expected "
                                  "\"round_robin\", \"ip_hash\", "));
  EXPECT_EQ(app.error({"--compare", "hash"}),
            "invalid number of arguments in \"hash\" directive in option \"--compare\", method "
            "\"hash\"");
  EXPECT_EQ(app.error({"--compare", "random three"}),
            "invalid parameter \"three\" in option \"--compare\", method \"random three\"");
  EXPECT_EQ(app.error({"--compare", "hash ${x"}),
            "the closing bracket in \"x\" variable is missing in option \"--compare\", method "
            "\"hash ${x\"");
  app['B'].weight = 20000;
  EXPECT_EQ(app.error({"--compare", "hash $uri consistent"}),
            "total weight 20001 is too large, at most 20000 in option \"--compare\", method "
            "\"hash $uri consistent\"");
  app['B'].backup = true;
  EXPECT_EQ(app.error({"--compare", "least_conn,ip_hash"}),
            "balancing method does not support parameter \"backup\" in option \"--compare\", "
            "method \"ip_hash\"");
}

TEST(Scenario, ReadsFilesOfClientsAndUris) {
  const tests::TempFolder folder;
  const std::string clients = folder.write("clients", "10.1.2.3\n\n  2001:db8::1 \r\n10.1.2.3\n");
  const std::string uris = folder.write("uris", "/a\n/b\n/a\n/c");
  const Simulation app{"round_robin", peers({1, 1})};
  const auto all = app.json({"--clients", clients, "--uris", uris});
  EXPECT_EQ(all["clients"], 2);
  EXPECT_EQ(all["uris"], 3);
}

TEST(Scenario, SaysWhatIsWrongWithAFile) {
  const tests::TempFolder folder;
  const std::string wrong = folder.write("clients", "10.1.2.3\nlocalhost\n");
  const std::string empty = folder.write("empty", " \n\n");
  const Simulation app{"round_robin", peers({1, 1})};
  EXPECT_EQ(app.error({"--clients", wrong}), "invalid address \"localhost\" in " + wrong + ":2");
  const std::string path = folder.path();
  EXPECT_EQ(app.error({"--uris", path}), "\"" + path + "\" of option \"--uris\" is a directory");
  EXPECT_EQ(app.error({"--uris", empty}), "no lines in \"" + empty + "\" of option \"--uris\"");
  EXPECT_EQ(app.error({"--uris", folder.file("none")}),
            "open() \"" + folder.file("none") +
                "\" failed (2: No such file or directory) for option \"--uris\"");
}

TEST(Scenario, NotesNamesAndVariablesThatAreNotSimulated) {
  Simulation app{"hash $cookie_id", peers({1, 1})};
  app['B'].address = "app.example:80";
  const std::string text = app.text("");
  EXPECT_THAT(text, HasSubstr("note: names are not looked up, each is one peer: app.example:80\n"));
  EXPECT_THAT(text, HasSubstr("note: $cookie_id is not simulated: the client's address stands for "
                              "it\n"));
  EXPECT_THAT(text, HasSubstr("B  app.example:80"));
}

}  // namespace
}  // namespace sluice::simulate
