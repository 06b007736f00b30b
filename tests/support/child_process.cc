// SPDX-License-Identifier: MIT
#include "tests/support/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"
#include "tests/support/text.h"

namespace sluice::tests {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

struct Pipe {
  Socket read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  return {Socket(ends[0]), Socket(ends[1])};
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* words, char* const* environment, int out, int err) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(words[0], words, environment);
  ::_exit(127);
}

}  // namespace

long resident_kib_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  long sum = 0;
  std::istringstream status(read_file(folder + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) sum += std::atol(line.c_str() + 6);
  }
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder + "/task", gone)) {
    std::istringstream children(read_file(task.path() / "children"));
    for (pid_t child = 0; children >> child;) sum += resident_kib_of(child);
  }
  return sum;
}

std::size_t open_descriptors_of(pid_t pid) {
  const std::filesystem::directory_iterator open("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

ChildProcess::ChildProcess(std::vector<std::string> words, std::vector<std::string> environment)
    : name_(words.at(0)) {
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  const auto word_pointers = pointers(words);
  const auto environment_pointers = pointers(environment);
  Pipe out_pipe = make_pipe();
  Pipe err_pipe = make_pipe();

  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    become(word_pointers.data(), environment_pointers.data(), out_pipe.write.fd(),
           err_pipe.write.fd());
  }
  ::setpgid(pid_, pid_);  // whoever is first, parent or child
  exit_ = Socket(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!exit_.is_open()) throw std::runtime_error("pidfd_open");
  outputs_[out].pipe = std::move(out_pipe.read);
  outputs_[err].pipe = std::move(err_pipe.read);
  for (Output& output : outputs_) {
    output.reader = std::thread([this, &output] { read_lines(output); });
  }
}

ChildProcess::~ChildProcess() {
  if (!exit_code_) {
    signal(SIGTERM);
    signal(SIGCONT);  // a stopped one could not hear
    if (!wait_for_exit(kPatience)) ADD_FAILURE() << name_ << " did not end at SIGTERM";
  }
  // Whatever it started is in its process group, and holds the pipes open.
  ::kill(-pid_, SIGKILL);
  for (Output& output : outputs_) output.reader.join();
  int status = 0;
  ::waitpid(pid_, &status, 0);
  look_for_sanitizer_reports();
}

void ChildProcess::signal(int number) const {
  ::kill(pid_, number);
}

// The process stays a zombie until the destructor, so that its id cannot become another's.
bool ChildProcess::wait_for_exit(milliseconds patience) {
  if (exit_code_) return true;
  if (!wait_readable(exit_, Deadline(patience))) return false;
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  exit_code_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  return true;
}

int ChildProcess::wait() {
  if (wait_for_exit(kPatience)) return *exit_code_;
  ADD_FAILURE() << name_ << " did not end";
  return -1;
}

bool ChildProcess::is_running() const {
  return !wait_readable(exit_, Deadline(milliseconds{0}));
}

long ChildProcess::resident_kib() const {
  return resident_kib_of(pid_);
}

std::size_t ChildProcess::open_descriptors() const {
  return open_descriptors_of(pid_);
}

void ChildProcess::read_lines(Output& output) {
  std::string rest;
  std::array<char, 16 * 1024> bytes;
  while (true) {
    const ssize_t count = ::read(output.pipe.fd(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    const std::lock_guard lock(mutex_);
    if (count > 0) rest.append(bytes.data(), static_cast<std::size_t>(count));
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      output.lines.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
    if (count <= 0) {
      if (!rest.empty()) output.lines.push_back(rest);
      output.ended = true;
    }
    changed_.notify_all();
    if (count <= 0) return;
  }
}

std::vector<std::string> ChildProcess::lines(Stream stream) const {
  const std::lock_guard lock(mutex_);
  return outputs_[stream].lines;
}

std::vector<std::string> ChildProcess::all_lines(Stream stream) {
  std::unique_lock lock(mutex_);
  const Output& output = outputs_[stream];
  if (!changed_.wait_until(lock, Deadline().end(), [&] { return output.ended; })) {
    ADD_FAILURE() << name_ << " did not close its output";
  }
  return output.lines;
}

std::optional<std::string> ChildProcess::wait_for_line(Stream stream, const Predicate& pleases,
                                                       std::size_t from) {
  std::unique_lock lock(mutex_);
  const Output& output = outputs_[stream];
  std::optional<std::string> found;
  const auto seen = [&] {
    for (; from < output.lines.size(); ++from) {
      if (!pleases(output.lines[from])) continue;
      found = output.lines[from];
      return true;
    }
    return output.ended;
  };
  changed_.wait_until(lock, Deadline().end(), seen);
  if (found) return found;
  std::string all;
  for (const Output& each : outputs_) {
    for (const auto& line : each.lines) all += "\n  " + line;
  }
  ADD_FAILURE() << name_ << " did not print the line waited for, but:" << all;
  return std::nullopt;
}

std::optional<std::string> ChildProcess::wait_for_line(Stream stream, std::string_view text,
                                                       std::size_t from) {
  return wait_for_line(
      stream, [text](const std::string& line) { return line.find(text) != std::string::npos; },
      from);
}

void ChildProcess::look_for_sanitizer_reports() const {
  const auto all = lines(err);
  for (const auto& line : all) {
    const bool is_report = line.find("Sanitizer:") != std::string::npos ||
                           line.find("runtime error:") != std::string::npos;
    if (!is_report) continue;
    std::string text;
    for (const auto& each : all) text += "\n  " + each;
    ADD_FAILURE() << name_ << " printed:" << text;
    return;
  }
}

}  // namespace sluice::tests
