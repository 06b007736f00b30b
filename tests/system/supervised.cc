// SPDX-License-Identifier: MIT
#include "tests/system/supervised.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/sockets.h"
#include "tests/system/conf_files.h"

namespace sluice::tests {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// Supervisor calls running what has not ended within a second; Python may need longer to listen.
void wait_until_somebody_listens(const std::string& address) {
  const Deadline deadline;
  while (true) {
    try {
      connect_to(address);
      return;
    } catch (const std::runtime_error&) {
      if (deadline.passed()) throw;
    }
  }
}

std::string port_text(const std::string& address) {
  return std::to_string(port_of(address));
}

bool has_text(const std::string& line, const std::string& text) {
  return line.find(text) != std::string::npos;
}

}  // namespace

bool Supervised::is_in_container() {
  return !from_environment("SLUICE_CONTAINER_EXEC").empty();
}

Supervised::Supervised(const std::string& file) {
  if (!is_in_container()) {
    start(file);
    return;
  }
  exec_ = words_of(from_environment("SLUICE_CONTAINER_EXEC"));
  address_ = from_environment("SLUICE_CONTAINER_ADDRESS");
  output_.emplace(words_of(from_environment("SLUICE_CONTAINER_LOGS")));
  for (const char* port : {":8000", ":8001"}) {
    output_->wait_for_line(ChildProcess::out, std::string("listening on 127.0.0.1") + port);
  }
}

// Nothing of the file is changed but paths, ports and the user.  The ports are held by sockets that
// do not listen, so that a process which comes back finds its own free.
void Supervised::start(const std::string& file) {
  address_ = closed_port();
  const std::string first = closed_port();
  const std::string second = closed_port();
  std::string site =
      replaced(source_file("conf/tornado.conf"), "listen 80;", "listen " + address_ + ";");
  // It is asked again sooner after a failure: a test need not wait for ten seconds.
  site = replaced(site, "127.0.0.1:8000", first + " fail_timeout=1s");
  site = replaced(site, "127.0.0.1:8001", second + " fail_timeout=1s");
  folder_.write("nginx.conf", "daemon off; worker_processes 2; pid " + folder_.file("nginx.pid") +
                                  "; error_log stderr notice; events {} http { access_log off; " +
                                  site + "}");
  // In the place of /usr/sbin/nginx, which needs no words to find its configuration.
  const std::string nginx =
      folder_.write("sbin/nginx", "#!/bin/sh\nexec " + from_environment("SLUICE_BINARY") + " -c " +
                                      folder_.file("nginx.conf") + "\n");
  ::chmod(nginx.c_str(), 0755);

  std::string text = replaced(source_file(file), "/usr/sbin/", folder_.file("sbin/"));
  text = replaced(text, "/root/mytornado", from_environment("SLUICE_SOURCE") + "/conf");
  text = replaced(text, "--port=8000", "--port=" + port_text(first));
  text = replaced(text, "--port=8001", "--port=" + port_text(second));
  if (has_text(text, "python3.8")) text = replaced(text, "python3.8", "/usr/bin/python3");
  if (has_text(text, "/run/")) text = replaced(text, "/run/", folder_.file(""));
  // The folder of the test is not for others, and we may not be root.
  for (const char* user : {"user=root\n", "user=www-data\n"}) {
    if (has_text(text, user)) text = replaced(text, user, "");
  }
  options_ = {"-c", folder_.write("supervisord.conf", text)};
  output_.emplace(
      std::vector<std::string>{"/bin/sh", "-c",
                               "cd " + folder_.file("") +  // where files without a folder go
                                   " && exec /usr/bin/supervisord -c " + options_[1]},
      std::vector<std::string>{"PYTHONDONTWRITEBYTECODE=1", "TMPDIR=" + folder_.file("")});
  wait_until_somebody_listens(first);
  wait_until_somebody_listens(second);
}

std::vector<std::string> Supervised::run(std::vector<std::string> words) {
  words.insert(words.begin(), exec_.begin(), exec_.end());
  ChildProcess command(std::move(words));
  command.wait();
  return command.all_lines(ChildProcess::out);
}

std::vector<std::string> Supervised::ctl(std::vector<std::string> words) {
  words.insert(words.begin(), options_.begin(), options_.end());
  words.insert(words.begin(), "/usr/bin/supervisorctl");
  return run(std::move(words));
}

std::map<std::string, std::string> Supervised::states() {
  std::map<std::string, std::string> states;
  for (const std::string& line : ctl({"status"})) {
    const auto words = words_of(line);
    if (words.size() >= 2) states[words[0]] = words[1];
  }
  return states;
}

std::string Supervised::pid(const std::string& program) {
  const auto lines = ctl({"pid", program});
  return lines.empty() ? "" : lines[0];
}

std::string Supervised::child_of(const std::string& pid) {
  std::string children;
  for (const auto& line : run({"/bin/sh", "-c", "cat /proc/" + pid + "/task/*/children"})) {
    children += line + ' ';
  }
  const auto words = words_of(children);
  return words.empty() ? "" : words[0];
}

void Supervised::kill(const std::string& pid) {
  run({"/bin/sh", "-c", "kill -9 " + pid});
}

bool Supervised::is_alive(const std::string& pid) {
  // One that has ended has a number until its new parent asks for it: "Z (zombie)".
  const std::string status = "/proc/" + pid + "/status";
  return !run({"/bin/sh", "-c", "grep '^State:.*[RSDTt] (' " + status + " 2>/dev/null"}).empty();
}

int Supervised::times_running(const std::string& name) const {
  const auto lines = output_->lines(ChildProcess::out);
  return static_cast<int>(std::ranges::count_if(lines, [&](const std::string& line) {
    return has_text(line, "success: " + name + " entered RUNNING state");
  }));
}

bool Supervised::wait_until_running(const std::string& name, int times) {
  int seen = 0;
  return output_
      ->wait_for_line(ChildProcess::out,
                      [&](const std::string& line) {
                        return has_text(line, "success: " + name + " entered RUNNING state") &&
                               ++seen == times;
                      })
      .has_value();
}

bool Supervised::wait_until_all_run() {
  return wait_until_running("nginx") && wait_until_running("tornado-8000") &&
         wait_until_running("tornado-8001");
}

}  // namespace sluice::tests
