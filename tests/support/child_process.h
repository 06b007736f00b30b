// SPDX-License-Identifier: MIT
// A program that runs for as long as the object lives: its output is read line by line as it comes,
// and can be waited for.  Nothing outlives the test, however that ends.
//
// A report of a sanitizer in its output fails the test.  Start it from a thread that stays: the
// child is killed when that thread ends.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

namespace sluice::tests {

// Resident memory in KiB of a process and of those it started.
long resident_kib_of(pid_t pid);
// Descriptors that a process has open.
std::size_t open_descriptors_of(pid_t pid);

class ChildProcess {
 public:
  enum Stream { out, err };

  // words[0] is the program's path.  `environment` is added to ours: "NAME=value".
  explicit ChildProcess(std::vector<std::string> words, std::vector<std::string> environment = {});
  // Asks it to end with SIGTERM, and kills what is left after the patience.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // The exit code, or 128 + the signal that ended it.  -1: it did not end in time (test failed).
  int wait();
  [[nodiscard]] bool is_running() const;
  // Resident memory in KiB of the process and of those it started.
  [[nodiscard]] long resident_kib() const;
  // Descriptors that the process has open.
  [[nodiscard]] std::size_t open_descriptors() const;

  [[nodiscard]] std::vector<std::string> lines(Stream stream) const;
  // All lines there will ever be: waits until nobody holds the other end any more.
  std::vector<std::string> all_lines(Stream stream);
  // The first line, from the `from`th on, that pleases; nothing: it did not come (test failed).
  using Predicate = std::function<bool(const std::string& line)>;
  std::optional<std::string> wait_for_line(Stream stream, const Predicate& pleases,
                                           std::size_t from = 0);
  // The same for a line that has this text in it.
  std::optional<std::string> wait_for_line(Stream stream, std::string_view text,
                                           std::size_t from = 0);

 private:
  struct Output {
    Socket pipe;
    std::vector<std::string> lines;
    bool ended = false;
    std::thread reader;
  };
  void read_lines(Output& output);
  void look_for_sanitizer_reports() const;
  bool wait_for_exit(milliseconds patience);

  std::string name_;
  pid_t pid_ = -1;
  Socket exit_;  // readable once it ended
  std::optional<int> exit_code_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Output outputs_[2];
};

}  // namespace sluice::tests
