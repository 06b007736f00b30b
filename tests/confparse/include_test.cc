// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

std::string error_in(const TempFolder& folder, const std::string& main) {
  try {
    load(request_for(folder.path() + main));
  } catch (const ConfigError& error) {
    std::string text = one_line(error.position(), error.what());
    for (std::size_t at = text.find(folder.path()); at != std::string::npos;
         at = text.find(folder.path())) {
      text.erase(at, folder.path().size());
    }
    return text;
  }
  return "no error";
}

TEST(Include, IsRelativeToTheFolderOfTheMainFileAlsoInsideIncludedFiles) {
  const TempFolder folder;
  folder.write("sub/deep.conf", "include sub/deeper.conf;");
  folder.write("sub/deeper.conf", "keepalive_requests 5;");
  const auto main = folder.write(
      "nginx.conf", "events { } http { server { location / { include sub/deep.conf; } } }");
  const Loaded loaded = load(request_for(main));
  EXPECT_EQ(loaded.settings->http.servers[0].locations[0].settings.core.keepalive_requests, 5U);
}

TEST(Include, TakesGivenTextsInsteadOfFiles) {
  const std::map<std::string, std::string> files{
      {"/given/main.conf", "events { } http { include sites/*.conf; }"},
      {"/given/sites/b.conf", "server { server_name b; include /etc/passwd; }"},
      {"/given/sites/a.conf", "server { server_name a; }"},
      {"/given/sites/sub/c.conf", "nonsense"}};
  LoadRequest request = request_for("/given/main.conf");
  request.files = &files;
  try {
    load(request);
    FAIL() << "the file /etc/passwd was not given";
  } catch (const ConfigError& error) {
    EXPECT_EQ(one_line(error.position(), error.what()),
              "open() \"/etc/passwd\" failed (2: No such file or directory) in "
              "/given/sites/b.conf:1:33");
  }
}

TEST(Include, TakesTheFilesOfAPatternSortedByName) {
  const TempFolder folder;
  folder.write("conf.d/b.conf", "server { server_name b; }");
  folder.write("conf.d/a.conf", "server { server_name a; }");
  folder.write("conf.d/c.txt", "nonsense");
  const auto main = folder.write("nginx.conf", "events { } http { include conf.d/*.conf; }");
  const auto settings = load(request_for(main)).settings;
  ASSERT_EQ(settings->http.servers.size(), 2U);
  EXPECT_EQ(settings->http.servers[0].names[0].value, "a");
  EXPECT_EQ(settings->http.servers[1].names[0].value, "b");
}

TEST(Include, FindsNothingForAPatternAndIsContent) {
  EXPECT_NO_THROW(load_http("include nosuch/*.conf;"));
}

TEST(Include, RefusesAMissingFileAtItsLine) {
  const TempFolder folder;
  folder.write("nginx.conf", "events { }\ninclude nosuch.conf;");
  EXPECT_EQ(error_in(folder, "nginx.conf"),
            "open() \"nosuch.conf\" failed (2: No such file or directory) in nginx.conf:2:9");
  EXPECT_EQ(error_in(folder, "other.conf"),
            "open() \"other.conf\" failed (2: No such file or directory)");
}

TEST(Include, RefusesAFolder) {
  const TempFolder folder;
  folder.write("sub/a.conf", "");
  folder.write("nginx.conf", "events { } include sub;");
  EXPECT_EQ(error_in(folder, "nginx.conf"),
            "read() \"sub\" failed (21: Is a directory) in nginx.conf:1:20");
}

TEST(Include, RefusesACircle) {
  const TempFolder folder;
  folder.write("a.conf", "include b.conf;");
  folder.write("b.conf", "\ninclude a.conf;");
  folder.write("self.conf", "include *.conf;");
  EXPECT_EQ(error_in(folder, "a.conf"), "\"a.conf\" includes itself in b.conf:2:9");
  EXPECT_NE(error_in(folder, "self.conf").find("includes itself"), std::string::npos);
}

TEST(Include, RefusesTooManyFilesInsideEachOther) {
  const TempFolder folder;
  for (int i = 0; i < 40; ++i) {
    folder.write(std::to_string(i), "include " + std::to_string(i + 1) + ";");
  }
  EXPECT_EQ(error_in(folder, "0"), "too many files are included in 32:1:9");
}

TEST(Include, KeepsTheFileInThePositionOfAnError) {
  const TempFolder folder;
  folder.write("sub/server.conf", "server {\n  lisen 80;\n}");
  folder.write("nginx.conf", "events { } http { include sub/*; }");
  EXPECT_EQ(error_in(folder, "nginx.conf"), "unknown directive \"lisen\" in sub/server.conf:2:3");
}

TEST(Include, DoesNotLetAFileCloseABlockOfAnother) {
  const TempFolder folder;
  folder.write("brace", "}");
  folder.write("nginx.conf", "events { } http { include brace;");
  EXPECT_EQ(error_in(folder, "nginx.conf"),
            "unexpected end of file, expecting \"}\" in nginx.conf:1:33");
}

TEST(Include, WorksInsideTypesAndUpstream) {
  const TempFolder folder;
  folder.write("types", "text/css css;");
  folder.write("peers", "server a; server b;");
  const auto main = folder.write(
      "nginx.conf", "events { } http { types { include types; } upstream u { include peers; } }");
  EXPECT_EQ(load(request_for(main)).settings->http.upstreams[0].servers.size(), 2U);
}

TEST(Include, ListsEachFileOnceInTheOrderOfOpening) {
  const TempFolder folder;
  folder.write("a", "keepalive_requests 5;");
  folder.write("b", "include a;");
  const auto main =
      folder.write("nginx.conf", "events { } http { include b; server { include a; } }");
  std::vector<std::string> names;
  const auto settings = load(request_for(main)).settings;
  for (const auto& file : settings->files) {
    names.push_back(file->path.substr(folder.path().size()));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"nginx.conf", "b", "a"}));
}

TEST(Path, OfTheMainFileIsRelativeToThePrefix) {
  const TempFolder folder;
  folder.write("conf/nginx.conf", "events { } http { include other; }");
  folder.write("conf/other", "server { root html; }");
  LoadRequest request = request_for("conf/nginx.conf");
  request.defaults.prefix = folder.path();
  EXPECT_EQ(load(request).settings->http.servers[0].settings.core.root, folder.path() + "html");
}

}  // namespace
}  // namespace sluice::confparse
