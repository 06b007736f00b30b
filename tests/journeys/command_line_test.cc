// SPDX-License-Identifier: MIT
// The command line as scripts and people use nginx's: options, words, exit codes, the pid file.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/child_process.h"
#include "tests/support/http_client.h"
#include "tests/support/running_proxy.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;
using Words = std::vector<std::string>;

constexpr const char* kVersion = "nginx version: nginx/1.31.3 \\(sluice/[0-9.]+\\)";

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set: run by meson");
  return value;
}

std::string binary() {
  return from_environment("SLUICE_BINARY");
}

struct Finished {
  int code = -1;
  Words out;
  Words err;
};

Finished run(Words words, const std::string& program = binary()) {
  words.insert(words.begin(), program);
  ChildProcess process(words);
  Finished finished{process.wait(), {}, {}};
  finished.out = process.all_lines(ChildProcess::out);
  finished.err = process.all_lines(ChildProcess::err);
  return finished;
}

// A folder that is a prefix: configuration, pid file and logs stand in it.
class CommandLine : public testing::Test {
 protected:
  // The path of a whole configuration with these lines in http { }.
  [[nodiscard]] std::string configure(const std::string& http, const std::string& main = "") const {
    return folder_.write("nginx.conf", "pid " + pid_path() + ";\nerror_log " +
                                           folder_.file("error.log") + " notice;\n" + main +
                                           "events { }\nhttp {\naccess_log off;\n" + http +
                                           "\n}\n");
  }
  [[nodiscard]] std::string pid_path() const { return folder_.file("sluice.pid"); }
  [[nodiscard]] std::string prefix() const { return folder_.path(); }
  [[nodiscard]] Words entries() const {
    Words names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  TempFolder folder_;
};

constexpr const char* kServer = "server { listen 127.0.0.1:0; return 200 x; }";

// --- words about itself ---

TEST_F(CommandLine, ShowsTheVersionThatToolsParse) {
  const Finished version = run({"-v"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, IsEmpty());
  EXPECT_THAT(version.err, ElementsAre(MatchesRegex(kVersion)));
}

TEST_F(CommandLine, ShowsWhatIsBuiltIn) {
  const Finished version = run({"-V"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.err, ElementsAre(MatchesRegex(kVersion), StartsWith("built by "),
                                       StartsWith("regular expressions: "),
                                       StartsWith("configure arguments: --prefix=")));
}

TEST_F(CommandLine, ChecksWhatNobodyUses) {
  const TempFolder folder;
  const auto first_line = [&](const std::string& http) {
    const std::string file = folder.write("nginx.conf", "events { } http { " + http + " }");
    const Finished test = run({"-t", "-p", folder.path(), "-c", file});
    EXPECT_EQ(test.code, test.err.at(0).ends_with("syntax is ok") ? 0 : 1);
    return test.err.at(0);
  };
  const std::string place = " in " + folder.file("nginx.conf") + ":1:";
  EXPECT_EQ(first_line("log_format unused '$host $nope';"),
            "nginx: [emerg] unknown \"nope\" variable" + place + "44");
  EXPECT_THAT(first_line("log_format unused '$host';"), HasSubstr("syntax is ok"));
  EXPECT_EQ(first_line("server { listen 127.0.0.1:0; resolver nobody.invalid; return 200; }"),
            "nginx: [emerg] host not found in resolver \"nobody.invalid\"" + place + "57");
  EXPECT_THAT(first_line("proxy_temp_path " + folder.path().string() + " 4;"),
              HasSubstr("syntax is ok"));
}

TEST_F(CommandLine, HelpsWithEachOfItsOptions) {
  for (const char* option : {"-h", "-?"}) {
    const Finished help = run({option});
    EXPECT_EQ(help.code, 0) << option;
    EXPECT_THAT(help.out, IsEmpty());
    ASSERT_FALSE(help.err.empty());
    EXPECT_THAT(help.err.front(), MatchesRegex(kVersion));
    for (const char* known : {"-?,-h", "-v", "-V", "-t", "-T", "-q", "-s", "-p", "-e", "-c", "-g"})
      EXPECT_THAT(help.err, testing::Contains(StartsWith(std::string("  ") + known + " ")));
  }
}

TEST_F(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(run({"-x"}).err, ElementsAre("nginx: invalid option: \"x\""));
  EXPECT_THAT(run({"word"}).err, ElementsAre("nginx: invalid option: \"word\""));
  EXPECT_THAT(run({"-s", "sleep"}).err, ElementsAre("nginx: invalid option: \"-s sleep\""));
  EXPECT_EQ(run({"-x"}).code, 1);
  EXPECT_EQ(run({"-s", "sleep"}).code, 1);
}

TEST_F(CommandLine, NamesTheArgumentThatIsMissing) {
  EXPECT_THAT(run({"-c"}).err, ElementsAre("nginx: option \"-c\" requires file name"));
  EXPECT_THAT(run({"-e"}).err, ElementsAre("nginx: option \"-e\" requires file name"));
  EXPECT_THAT(run({"-p"}).err, ElementsAre("nginx: option \"-p\" requires directory name"));
  EXPECT_THAT(run({"-g"}).err, ElementsAre("nginx: option \"-g\" requires parameter"));
  EXPECT_THAT(run({"-s"}).err, ElementsAre("nginx: option \"-s\" requires parameter"));
  EXPECT_EQ(run({"-c"}).code, 1);
}

// --- -t -T -q ---

TEST_F(CommandLine, SaysThatAConfigurationIsFine) {
  const std::string path = configure(kServer);
  const Finished test = run({"-t", "-c", path});
  EXPECT_EQ(test.code, 0);
  EXPECT_THAT(test.out, IsEmpty());
  EXPECT_THAT(test.err, ElementsAre("nginx: the configuration file " + path + " syntax is ok",
                                    "nginx: configuration file " + path + " test is successful"));
}

TEST_F(CommandLine, PointsAtTheWrongWord) {
  const std::string path = configure("server {\n  retrun 200;\n}");
  const Finished test = run({"-t", "-c", path});
  EXPECT_EQ(test.code, 1);
  EXPECT_THAT(
      test.err,
      ElementsAre("nginx: [emerg] unknown directive \"retrun\" in " + path + ":7:3",
                  "    7 |   retrun 200;", "      |   ^~~~~~", "      = did you mean \"return\"?",
                  "nginx: configuration file " + path + " test failed"));
}

TEST_F(CommandLine, KeepsQuietAboutWhatIsFineOnly) {
  const Finished fine = run({"-t", "-q", "-c", configure(kServer)});
  EXPECT_EQ(fine.code, 0);
  EXPECT_THAT(fine.err, IsEmpty());
  const Finished wrong = run({"-tq", "-c", configure("retrun 200;")});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err.front(), StartsWith("nginx: [emerg] unknown directive"));
}

TEST_F(CommandLine, IsNotQuietAboutWarnings) {
  const Finished test =
      run({"-t", "-q", "-c",
           configure("upstream u { server 127.0.0.1:1; ip_hash; least_conn; } server { "
                     "listen 127.0.0.1:0; }")});
  EXPECT_EQ(test.code, 0);
  ASSERT_FALSE(test.err.empty());
  EXPECT_THAT(test.err.front(), StartsWith("nginx: [warn] load balancing method redefined"));
}

TEST_F(CommandLine, TestsWhetherTheUserIsThere) {
  if (::geteuid() != 0) GTEST_SKIP() << "who is not root does not become another user";
  const Finished test = run({"-t", "-c", configure(kServer), "-g", "user nosuchuser;"});
  EXPECT_EQ(test.code, 1);
  EXPECT_THAT(test.err.front(), StartsWith("nginx: [emerg] getpwnam(\"nosuchuser\") failed"));
}

TEST_F(CommandLine, TestsWithoutWritingOrBindingAnything) {
  const Socket taken = listen_on("127.0.0.1:0");
  const std::string path = configure("access_log /nonexistent/access.log; server { listen " +
                                         local_address(taken) + "; return 200; }",
                                     "error_log /nonexistent/error.log; user nobody;\n");
  const Words before = entries();
  EXPECT_EQ(run({"-t", "-c", path}).code, 0);
  EXPECT_EQ(entries(), before);
}

TEST_F(CommandLine, DumpsEachFileOnce) {
  folder_.write("server.conf", "listen 127.0.0.1:0;\n");
  const std::string path = configure(
      "server { include server.conf; server_name a; }\n"
      "server { include server.conf; server_name b; }");
  const Finished dump = run({"-T", "-c", path});
  EXPECT_EQ(dump.code, 0);
  Words headings;
  for (const std::string& line : dump.out) {
    if (line.starts_with("# configuration file ")) headings.push_back(line);
  }
  EXPECT_THAT(headings, ElementsAre("# configuration file " + path + ":",
                                    "# configuration file " + folder_.file("server.conf") + ":"));
  EXPECT_THAT(dump.out, testing::Contains("listen 127.0.0.1:0;"));
  EXPECT_THAT(dump.err, ElementsAre(HasSubstr("syntax is ok"), HasSubstr("test is successful")));
}

TEST_F(CommandLine, TestsEveryFileOfConfAsItStands) {
  const std::filesystem::path conf = from_environment("SLUICE_SOURCE") + "/conf";
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(conf)) {
    if (entry.path().extension() != ".conf") continue;
    if (entry.path().filename() == "supervisord.conf") continue;  // it is not for us
    const Finished test = run({"-t", "-c", entry.path()});
    EXPECT_EQ(test.code, 0) << testing::PrintToString(test.err);
    ++count;
  }
  EXPECT_GE(count, 11);
}

// --- -c -p -g -e ---

TEST_F(CommandLine, SaysThatTheFileIsMissing) {
  const std::string path = folder_.file("none.conf");
  const std::string complaint =
      "nginx: [emerg] open() \"" + path + "\" failed (2: No such file or directory)";
  const Finished start = run({"-c", path});
  EXPECT_EQ(start.code, 1);
  EXPECT_THAT(start.err, ElementsAre(complaint));
  EXPECT_THAT(run({"-t", "-c", path}).err,
              ElementsAre(complaint, "nginx: configuration file " + path + " test failed"));
}

TEST_F(CommandLine, TakesRelativePathsFromThePrefix) {
  folder_.write("conf/site.conf", "events { }\nhttp { include inner.conf; }\n");
  folder_.write("conf/inner.conf", "server { listen 127.0.0.1:0; }\n");
  const Finished test = run({"-t", "-p", prefix(), "-c", "conf/site.conf"});
  EXPECT_EQ(test.code, 0);
  EXPECT_THAT(test.err.back(), HasSubstr(folder_.file("conf/site.conf")));
}

TEST_F(CommandLine, ReadsGlobalDirectivesBeforeTheFile) {
  const std::string path = folder_.write(
      "nginx.conf", std::string("events { }\nhttp { access_log off; ") + kServer + " }\n");
  ChildProcess process(
      {binary(), "-p", prefix(), "-c", path, "-g",
       "daemon off; worker_processes 3; error_log stderr notice; pid " + pid_path() + ";"});
  EXPECT_TRUE(process.wait_for_line(ChildProcess::err, ", 3 worker threads"));
  EXPECT_EQ(read_file(pid_path()), std::to_string(process.pid()) + "\n");
}

TEST_F(CommandLine, PointsAtTheWrongWordOfAGlobalDirective) {
  const Finished start = run({"-c", configure(kServer), "-g", "daemn off;"});
  EXPECT_EQ(start.code, 1);
  EXPECT_THAT(start.err, ElementsAre("nginx: [emerg] unknown directive \"daemn\" in command line",
                                     "    1 | daemn off;", "      | ^~~~~",
                                     "      = did you mean \"daemon\"?"));
}

TEST_F(CommandLine, WritesErrorsWhereItIsTold) {
  const std::string path = folder_.write(
      "nginx.conf", "daemon off;\npid " + pid_path() + ";\nevents { }\nhttp { " +
                        "access_log off; server { listen 127.0.0.1:0; " + "return 200 x; } }\n");
  const ChildProcess process({binary(), "-p", prefix(), "-c", path, "-e", "mine.log"});
  const Deadline deadline;
  while (!std::filesystem::exists(folder_.file("mine.log"))) ASSERT_FALSE(deadline.passed());
}

TEST_F(CommandLine, TakesABareSite) {
  const Finished test =
      run({"-t", "-c",
           folder_.write("tornado.conf",
                         "upstream u { server 127.0.0.1:8000; }\n"
                         "server { listen 80; location / { proxy_pass http://u; } }")});
  EXPECT_EQ(test.code, 0) << testing::PrintToString(test.err);
}

// --- starting ---

TEST_F(CommandLine, SaysInOneLineThatAPortIsTaken) {
  const Socket taken = listen_on("127.0.0.1:0");
  const std::string address = local_address(taken);
  const Finished start =
      run({"-c", configure("server { listen " + address + "; return 200; }", "daemon off;\n")});
  EXPECT_EQ(start.code, 1);
  EXPECT_THAT(start.err, ElementsAre("nginx: [emerg] bind() to " + address +
                                     " failed (98: Address already in use)"));
  EXPECT_FALSE(std::filesystem::exists(pid_path()));
}

TEST_F(CommandLine, SaysThatALogCannotBeOpened) {
  const Finished start =
      run({"-c", configure("server { listen 127.0.0.1:0; access_log /nonexistent/a.log; }",
                           "daemon off;\n")});
  EXPECT_EQ(start.code, 1);
  EXPECT_THAT(start.err.front(),
              StartsWith("nginx: [emerg] open() \"/nonexistent/a.log\" failed (2: No such file"));
}

TEST_F(CommandLine, SaysThatThePidFileCannotBeWritten) {
  const std::string path = folder_.write(
      "nginx.conf", std::string("daemon off; error_log stderr; pid /nonexistent/pid;\nevents { }\n"
                                "http { access_log off; ") +
                        kServer + " }\n");
  const Finished start = run({"-c", path});
  EXPECT_EQ(start.code, 1);
  EXPECT_THAT(start.err, ElementsAre("nginx: [emerg] open() \"/nonexistent/pid\" failed "
                                     "(2: No such file or directory)"));
}

TEST_F(CommandLine, AnswersToTheNameNginx) {
  std::filesystem::create_symlink(binary(), folder_.file("nginx"));
  EXPECT_THAT(run({"-v"}, folder_.file("nginx")).err, ElementsAre(MatchesRegex(kVersion)));
  const std::string path = configure(kServer, "error_log stderr notice;\n");
  ChildProcess process({folder_.file("nginx"), "-c", path, "-g", "daemon off;"});
  EXPECT_TRUE(process.wait_for_line(ChildProcess::err, "sluice is ready"));
}

// --- -s ---

TEST_F(CommandLine, TellsARunningOneToEnd) {
  for (const char* word : {"stop", "quit"}) {
    RunningProxy proxy{kServer};
    EXPECT_EQ(run({"-p", proxy.folder().path(), "-c", "nginx.conf", "-s", word}).code, 0);
    EXPECT_EQ(proxy.wait(), 0) << word;
    EXPECT_FALSE(std::filesystem::exists(proxy.folder().file("pid")));
  }
}

TEST_F(CommandLine, TellsARunningOneToReloadAndToReopenItsLogs) {
  RunningProxy proxy{kServer};
  const auto signal = [&](const char* word) {
    const Finished sent = run({"-p", proxy.folder().path(), "-c", "nginx.conf", "-s", word});
    EXPECT_EQ(sent.code, 0);
    EXPECT_THAT(sent.err, IsEmpty());
  };
  signal("reload");
  proxy.wait_for_log("reconfigured");
  signal("reopen");
  proxy.wait_for_log("reopened logs");
  EXPECT_EQ(proxy.get("/").body, "x");
}

TEST_F(CommandLine, SaysThatNobodyIsThereToBeTold) {
  const std::string path = configure(kServer);
  const Finished nobody = run({"-c", path, "-s", "reload"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, ElementsAre("nginx: [error] open() \"" + pid_path() +
                                      "\" failed (2: No such file or directory)"));
  folder_.write("sluice.pid", "nonsense\n");
  EXPECT_THAT(run({"-c", path, "-s", "quit"}).err,
              ElementsAre("nginx: [error] invalid PID number in \"" + pid_path() + "\""));
}

TEST_F(CommandLine, SaysThatTheOneInThePidFileIsGone) {
  pid_t gone = 0;
  {
    ChildProcess process({binary(), "-v"});
    process.wait();
    gone = process.pid();
  }
  folder_.write("sluice.pid", std::to_string(gone) + "\n");
  const Finished nobody = run({"-c", configure(kServer), "-s", "quit"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, ElementsAre("nginx: [alert] kill(" + std::to_string(gone) +
                                      ", 3) failed (3: No such process)"));
}

// --- daemon on ---

// The process that a pid file names.  It is no child of ours: killed if the test did not end it.
class Daemon {
 public:
  explicit Daemon(const std::string& pid_path) {
    const Deadline deadline;
    while (!(std::ifstream(pid_path) >> pid_) && !deadline.passed()) std::this_thread::yield();
    if (pid_ > 0) exit_ = Socket(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  }
  ~Daemon() {
    if (is_running()) ::kill(pid_, SIGKILL);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool is_running() const {
    return exit_.is_open() && !wait_readable(exit_, Deadline(milliseconds{0}));
  }
  [[nodiscard]] bool ends() const { return wait_readable(exit_, Deadline()); }

 private:
  pid_t pid_ = 0;
  Socket exit_;
};

TEST_F(CommandLine, ReturnsWhenTheDaemonServes) {
  const std::string address = closed_port();
  const std::string path = configure("server { listen " + address + "; return 200 x; }");
  ChildProcess start({binary(), "-p", prefix(), "-c", path});
  EXPECT_EQ(start.wait(), 0);
  ASSERT_TRUE(std::filesystem::exists(pid_path()));
  const Daemon daemon(pid_path());
  EXPECT_EQ(http_get(address, "/").body, "x");
  EXPECT_EQ(run({"-p", prefix(), "-c", path, "-s", "stop"}).code, 0);
  EXPECT_TRUE(daemon.ends());
}

TEST_F(CommandLine, ReturnsWhyTheDaemonDoesNot) {
  const auto first_line = [&](const std::string& mode, const std::string& line,
                              const std::string& pid) {
    // Who is root no more cannot take its files out of root's folder.
    const std::string user = ::geteuid() == 0 ? "user root; " : "";
    const std::string path = folder_.write(
        "nginx.conf", user + line + " pid " + pid + "; error_log " + folder_.file("error.log") +
                          " notice; master_process " + mode + "; events { } http { " +
                          "access_log off; server { listen unix:" + folder_.file("socket") +
                          "; return 200 x; } }");
    const Finished start = run({"-p", prefix(), "-c", path});
    EXPECT_EQ(start.code, 1) << mode;
    EXPECT_FALSE(std::filesystem::exists(pid));
    EXPECT_FALSE(std::filesystem::exists(folder_.file("socket")));
    return start.err.empty() ? "" : start.err.front();
  };
  for (const char* mode : {"on", "off"}) {
    EXPECT_EQ(first_line(mode, "", "/nonexistent/pid"),
              "nginx: [emerg] open() \"/nonexistent/pid\" failed (2: No such file or directory)");
    EXPECT_EQ(first_line(mode, "working_directory /nonexistent;", pid_path()),
              "nginx: [emerg] chdir(\"/nonexistent\") failed (2: No such file or directory)");
    EXPECT_THAT(read_file(folder_.file("error.log")), HasSubstr("chdir(\"/nonexistent\") failed"));
  }
}

TEST_F(CommandLine, LeavesTheTerminalAsADaemon) {
  const std::string path = configure(kServer);
  ChildProcess start({binary(), "-p", prefix(), "-c", path});
  EXPECT_EQ(start.wait(), 0);
  const Daemon daemon(pid_path());
  ASSERT_TRUE(daemon.is_running());
  EXPECT_NE(daemon.pid(), start.pid());
  EXPECT_NE(::getsid(daemon.pid()), ::getsid(0));
  // Whoever waits for the end of its output (ssh, $(…)) must not wait for the daemon's.
  EXPECT_THAT(start.all_lines(ChildProcess::out), IsEmpty());
  EXPECT_THAT(start.all_lines(ChildProcess::err), IsEmpty());

  EXPECT_EQ(run({"-p", prefix(), "-c", path, "-s", "quit"}).code, 0);
  EXPECT_TRUE(daemon.ends());
  EXPECT_FALSE(std::filesystem::exists(pid_path()));
  const std::string log = read_file(folder_.file("error.log"));
  EXPECT_THAT(log, AllOf(HasSubstr("sluice is ready"), HasSubstr("exit")));
}

}  // namespace
}  // namespace sluice::tests
