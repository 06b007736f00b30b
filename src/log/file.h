// SPDX-License-Identifier: MIT
// A log file: whole lines go to its end, from any thread, and nobody waits for the disk.
//
// Lines are put into memory here; the log thread (log/files.h) writes them.  Why:
// docs/decisions/0005-who-writes-logs.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

namespace sluice::log {

class Files;
using SteadyTime = std::chrono::steady_clock::time_point;

// `buffer=` and `flush=` of an access_log line.
struct Buffering {
  std::size_t size = 0;               // bytes collected before they are written; 0: none
  std::chrono::milliseconds flush{};  // a line is not older than this when written; 0: any age
};

// Lines that were not written, and why.
struct Loss {
  std::uint64_t lines = 0;
  std::error_code error;  // none: whoever reads the log is too slow

  explicit operator bool() const { return lines > 0; }
};

// As a log is opened; -1 and errno.
int open_for_append(const std::string& path);
// A file of ours: not our stdout or stderr, by whatever name, which may be a terminal, or a file of
// whoever started us.
bool may_be_given(const std::string& path, int descriptor);

class File {
 public:
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // `line` ends in a newline.  Lost, and counted, when kMostWaiting bytes wait already: a request
  // never is.
  void write(std::string_view line, const Buffering& buffering = {});
  // What this process writes to its stderr goes into this file from now on.
  void become_stderr() const;
  // Gives the file to `user` and `group`, so that a reopen after dropping privileges succeeds.
  void change_owner(unsigned user, unsigned group) const;

  [[nodiscard]] const std::string& path() const { return path_; }

  static constexpr std::size_t kMostWaiting = std::size_t{1024} * 1024;

 private:
  friend class Files;
  enum class State : std::uint8_t {
    done,     // nothing waits, but what may be buffered without limit of time
    waiting,  // until due()
    blocked,  // until the descriptor is writable
  };

  // "stderr", or a path that is created when missing.
  // `offered` is a descriptor of it that is taken instead; -1: there is none.
  static std::unique_ptr<File> open(const std::string& path, int offered, Files& files,
                                    std::error_code& error);
  File(std::string path, int descriptor, Files& files)
      : path_(std::move(path)), descriptor_(descriptor), files_(files) {}

  // What is buffered may be written now.
  void hurry();

  // The rest is the log thread's.
  State advance(SteadyTime now, bool even_buffered);
  bool take_waiting(SteadyTime now, bool even_buffered);
  [[nodiscard]] long write_some() const;
  void give_up(std::error_code error);
  [[nodiscard]] SteadyTime due();
  Loss take_loss();
  // Opens the path again and puts it in the place of the old file.
  std::error_code reopen(int offered);

  const std::string path_;
  const int descriptor_;
  Files& files_;

  std::mutex lock_;
  std::string waiting_;                 // these are guarded by it
  bool urgent_ = false;                 // no reason to wait any longer
  SteadyTime due_ = SteadyTime::max();  // urgent from then on
  Loss loss_;

  std::string writing_;
  std::size_t written_ = 0;
};

}  // namespace sluice::log
