// SPDX-License-Identifier: MIT
// A log file: whole lines go to its end, from any thread; reopened in place for logrotate.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace sluice::log {

class File {
 public:
  // "stderr", or a path that is created when missing.
  static std::shared_ptr<File> open(const std::string& path, std::error_code& error);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // One write(2); `line` ends in a newline.  A full disk loses the line, never a request.
  void write(std::string_view line) const;
  // Opens the path again and puts it in the place of the old file.  Writers never notice.
  std::error_code reopen();
  // What this process writes to its stderr goes into this file from now on.
  void become_stderr() const;
  // Gives the file to `user` and `group`, so that a reopen after dropping privileges succeeds.
  void change_owner(unsigned user, unsigned group) const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  const int descriptor_;
};

// Every log file of the process, each path opened once and shared over reloads.
class Files {
 public:
  std::shared_ptr<File> open(const std::string& path, std::error_code& error);
  // USR1.  The first error, if any; the others are tried all the same.
  std::error_code reopen_all();
  [[nodiscard]] std::vector<std::shared_ptr<File>> all();

 private:
  std::mutex lock_;
  std::vector<std::weak_ptr<File>> files_;
};

}  // namespace sluice::log
