// SPDX-License-Identifier: MIT
#include "content/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace sluice::content {
namespace {

class Files : public testing::Test {
 protected:
  Files() {
    settings_.root = folder_.path();
    settings_.types = std::make_shared<const std::map<std::string, std::string, std::less<>>>(
        std::map<std::string, std::string, std::less<>>{{"html", "text/html"}});
  }
  [[nodiscard]] Opened open(std::string_view path) const { return open_file(settings_, path); }
  [[nodiscard]] std::string_view type(std::string_view path) const {
    return type_of(settings_, path);
  }

  tests::TempFolder folder_;
  confparse::CoreSettings settings_;
};

TEST_F(Files, AreOpenedWithAllThatAnAnswerNeeds) {
  const std::string path = folder_.write("a.html", "hello");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  const Opened opened = open("/a.html");
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(opened.size, 5u);
  EXPECT_EQ(opened.modified, status.st_mtime);
  EXPECT_EQ(opened.type, "text/html");
  EXPECT_EQ(opened.trouble, "");
  char bytes[8];
  EXPECT_EQ(::read(opened.file.get(), bytes, sizeof bytes), 5);
}

TEST_F(Files, ThatAreNotThereAre404) {
  folder_.write("a", "");
  for (const std::string& path : {std::string("/none"), std::string("/a/below"),
                                  std::string("/none/"), "/" + std::string(300, 'x')}) {
    const Opened opened = open(path);
    EXPECT_EQ(opened.status, 404) << path;
    EXPECT_FALSE(opened.file);
    EXPECT_TRUE(opened.trouble.starts_with("open() \"" + settings_.root + path + "\" failed ("))
        << opened.trouble;
  }
}

TEST_F(Files, ThatWeMayNotReadAre403) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may read everything";
  }
  ASSERT_EQ(::chmod(folder_.write("a", "").c_str(), 0), 0);
  EXPECT_EQ(open("/a").status, 403);
  EXPECT_EQ(open("/a").trouble,
            "open() \"" + settings_.root + "/a\" failed (13: Permission denied)");
}

TEST_F(Files, ThatAreFoldersAre301WithoutAndForbiddenWithTheirSlash) {
  folder_.write("sub/a", "");
  EXPECT_EQ(open("/sub").status, 301);
  EXPECT_EQ(open("/sub").trouble, "");
  EXPECT_EQ(open("/sub/").status, 403);
  EXPECT_EQ(open("/sub/").trouble,
            "directory index of \"" + settings_.root + "/sub/\" is forbidden");
}

TEST_F(Files, ThatAreNoFilesNeverHangTheWorker) {
  ASSERT_EQ(::mkfifo(folder_.file("fifo").c_str(), 0600), 0);
  EXPECT_EQ(open("/fifo").status, 404);
  EXPECT_FALSE(open("/fifo").file);
}

TEST_F(Files, ExistAsFilesOrAsFolders) {
  folder_.write("sub/a", "");
  EXPECT_TRUE(exists(settings_, "/sub/a", false));
  EXPECT_FALSE(exists(settings_, "/sub/a", true));
  EXPECT_TRUE(exists(settings_, "/sub", true));
  EXPECT_TRUE(exists(settings_, "/sub/", true));
  EXPECT_FALSE(exists(settings_, "/sub/", false));
  EXPECT_FALSE(exists(settings_, "/none", false));
}

TEST_F(Files, OfAnIndexAreTriedInOrder) {
  folder_.write("both/a", "");
  folder_.write("both/b", "");
  folder_.write("one/b", "");
  folder_.write("none/c", "");
  settings_.index = {"a", "b"};
  EXPECT_EQ(*find_index(settings_, "/both/"), "a");
  EXPECT_EQ(*find_index(settings_, "/one/"), "b");
  EXPECT_EQ(find_index(settings_, "/none/"), nullptr);
  settings_.index = {"a", "/both/b"};
  EXPECT_EQ(*find_index(settings_, "/none/"), "/both/b");
}

TEST_F(Files, HaveTheTypeOfTheirExtensionInAnyCase) {
  settings_.default_type = "x/default";
  EXPECT_EQ(type("/a.html"), "text/html");
  EXPECT_EQ(type("/a.tar.HtMl"), "text/html");
  EXPECT_EQ(type("/.html"), "text/html");
  for (const char* path : {"/a.htm", "/html", "/a.html/b", "/a.", "/", ""}) {
    EXPECT_EQ(type(path), "x/default") << path;
  }
  settings_.types = nullptr;
  EXPECT_EQ(type("/a.html"), "x/default");
}

TEST(EntityTag, IsNginxs) {
  EXPECT_EQ(entity_tag(0x5f3cab01, 0x1a2b), "\"5f3cab01-1a2b\"");
  EXPECT_EQ(entity_tag(0, 0), "\"0-0\"");
}

}  // namespace
}  // namespace sluice::content
