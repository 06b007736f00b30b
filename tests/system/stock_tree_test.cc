// SPDX-License-Identifier: MIT
// Debian's /etc/nginx as the package nginx-common installs it, with the user's tornado.conf in it,
// run as nginx is run there.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <regex>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/http_client.h"
#include "tests/support/scripted_peer.h"
#include "tests/support/temp_folder.h"
#include "tests/system/conf_files.h"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStock = "/etc/nginx";

std::string binary() {
  const char* path = std::getenv("SLUICE_BINARY");
  if (path == nullptr) throw std::runtime_error("SLUICE_BINARY is not set: run by meson test");
  return path;
}

// A copy of the tree with its logs, its pid file and its ports where a test may have them.
class StockTree : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(std::string(kStock) + "/nginx.conf")) {
      GTEST_SKIP() << "no " << kStock << "/nginx.conf here: install nginx-common";
    }
    fs::copy(kStock, tree(), fs::copy_options::recursive);  // what links name is copied
    edit("nginx.conf", {{"/etc/nginx/", tree() + "/"},
                        {"pid [^;]*;", "pid " + folder_.file("nginx.pid") + ";"},
                        {"error_log [^;]*;", "error_log stderr notice;"},
                        {"access_log [^;]*;", "access_log " + access_log() + ";"}});
    if (fs::exists(tree() + "/sites-enabled/default")) {
      edit("sites-enabled/default",
           {{"listen 80 ", "listen 127.0.0.1:0 "}, {"listen \\[::\\]:80 ", "listen 127.0.0.2:0 "}});
    }
    folder_.write("tree/sites-enabled/tornado.conf",
                  conf_for("conf/tornado.conf", one_.address(), two_.address()));
    fs::create_symlink(binary(), folder_.file("nginx"));
  }

  void start() {
    process_.emplace(std::vector<std::string>{folder_.file("nginx"), "-c", tree() + "/nginx.conf",
                                              "-g", "daemon off;"});
    ASSERT_TRUE(process_->wait_for_line(ChildProcess::err, "sluice is ready"));
    const auto line = process_->wait_for_line(ChildProcess::err, "for 127.0.0.1:0");
    ASSERT_TRUE(line);
    std::smatch found;
    ASSERT_TRUE(std::regex_search(*line, found, std::regex("listening on (\\S+)")));
    address_ = found[1];
  }

  void edit(const std::string& name,
            const std::vector<std::pair<std::string, std::string>>& changes) const {
    std::string text = read_file(tree() + "/" + name);
    for (const auto& [from, to] : changes) text = std::regex_replace(text, std::regex(from), to);
    folder_.write("tree/" + name, text);
  }
  [[nodiscard]] std::string tree() const { return folder_.file("tree"); }
  [[nodiscard]] std::string access_log() const { return folder_.file("access.log"); }

  TempFolder folder_;
  ScriptedPeer one_{respond(200, "1")};
  ScriptedPeer two_{respond(200, "2")};
  std::optional<ChildProcess> process_;
  std::string address_;
};

TEST_F(StockTree, RunsTheUsersSiteAsNginxWould) {
  fs::remove(tree() + "/sites-enabled/default");  // it is the default server of port 80
  start();
  HttpClient client(address_);
  std::string answers;
  for (int i = 0; i < 10; ++i) answers += client.get("/", "Host: example.org\r\n").body;
  EXPECT_TRUE(answers == "1212121212" || answers == "2121212121") << answers;
  EXPECT_EQ(one_.requests().at(0).header("Host"), "example.org");
  EXPECT_EQ(one_.requests().at(0).header("X-Forwarded-For"), "127.0.0.1");
  process_->signal(SIGQUIT);
  EXPECT_EQ(process_->wait(), 0);
  EXPECT_FALSE(fs::exists(folder_.file("nginx.pid")) &&
               !read_file(folder_.file("nginx.pid")).empty());
  EXPECT_TRUE(read_file(access_log()).starts_with("127.0.0.1 - - ["));
}

TEST_F(StockTree, LeavesUnknownNamesToTheDefaultSite) {
  if (!fs::exists(tree() + "/sites-enabled/default")) GTEST_SKIP() << "the default site is not on";
  start();
  HttpClient client(address_);
  static_cast<void>(client.get("/none-of-these", "Host: example.org\r\n"));
  EXPECT_TRUE(one_.requests().empty());
  EXPECT_TRUE(two_.requests().empty());
}

TEST_F(StockTree, PassesTheTestOfItsConfiguration) {
  ChildProcess test({folder_.file("nginx"), "-t", "-c", tree() + "/nginx.conf"});
  EXPECT_EQ(test.wait(), 0);
  EXPECT_TRUE(test.wait_for_line(ChildProcess::err, "test is successful"));
}

// The words behind a key of conf/sluice.service, as systemd splits them, without the program.
std::vector<std::string> unit_words(const std::string& key) {
  const std::string text = source_file("conf/sluice.service");
  std::smatch line;
  if (!std::regex_search(text, line, std::regex("\n" + key + "=/usr/sbin/sluice ([^\n]*)"))) {
    throw std::runtime_error("no " + key + " in conf/sluice.service");
  }
  const std::string rest = line[1];
  const std::regex word("\"([^\"]*)\"|(\\S+)");
  std::vector<std::string> words;
  for (std::sregex_iterator at(rest.begin(), rest.end(), word), end; at != end; ++at) {
    words.push_back((*at)[1].matched ? (*at)[1] : (*at)[2]);
  }
  return words;
}

TEST_F(StockTree, GoesWithTheWordsOfTheSystemdUnit) {
  const auto run = [&](const std::string& key, const std::vector<std::string>& more) {
    std::vector<std::string> words = unit_words(key);
    words.insert(words.begin(), {folder_.file("nginx"), "-c", tree() + "/nginx.conf"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  for (const char* key : {"ExecStartPre", "ExecStart"}) {
    ChildProcess test(run(key, {"-t"}));
    EXPECT_EQ(test.wait(), 0) << key << testing::PrintToString(test.all_lines(ChildProcess::err));
  }
  process_.emplace(run("ExecStart", {}));
  ASSERT_TRUE(process_->wait_for_line(ChildProcess::err, "sluice is ready"));
  EXPECT_EQ(read_file(folder_.file("nginx.pid")), std::to_string(process_->pid()) + "\n");
  ChildProcess reload(run("ExecReload", {}));
  EXPECT_EQ(reload.wait(), 0) << testing::PrintToString(reload.all_lines(ChildProcess::err));
  EXPECT_TRUE(process_->wait_for_line(ChildProcess::err, "reconfigured"));
}

}  // namespace
}  // namespace sluice::tests
