// SPDX-License-Identifier: MIT
#include "log/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::log {
namespace {

constexpr std::string_view kStderr = "stderr";

int open_for_append(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

}  // namespace

std::shared_ptr<File> File::open(const std::string& path, std::error_code& error) {
  const int descriptor =
      path == kStderr ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0) : open_for_append(path);
  if (descriptor < 0) {
    error = last_error();
    return nullptr;
  }
  return std::shared_ptr<File>(new File(path, descriptor));
}

File::~File() {
  ::close(descriptor_);
}

void File::write(std::string_view line) const {
  [[maybe_unused]] const auto put = ::write(descriptor_, line.data(), line.size());
}

std::error_code File::reopen() {
  if (path_ == kStderr) {
    return {};
  }
  const int fresh = open_for_append(path_);
  if (fresh < 0) {
    return last_error();
  }
  ::dup3(fresh, descriptor_, O_CLOEXEC);
  ::close(fresh);
  return {};
}

void File::become_stderr() const {
  ::dup2(descriptor_, STDERR_FILENO);
}

void File::change_owner(unsigned user, unsigned group) const {
  [[maybe_unused]] const int done = ::fchown(descriptor_, user, group);
}

std::shared_ptr<File> Files::open(const std::string& path, std::error_code& error) {
  const std::lock_guard lock(lock_);
  std::erase_if(files_, [](const std::weak_ptr<File>& file) { return file.expired(); });
  for (const std::weak_ptr<File>& known : files_) {
    if (std::shared_ptr<File> file = known.lock(); file && file->path() == path) {
      return file;
    }
  }
  std::shared_ptr<File> file = File::open(path, error);
  if (file) {
    files_.push_back(file);
  }
  return file;
}

std::vector<std::shared_ptr<File>> Files::all() {
  const std::lock_guard lock(lock_);
  std::vector<std::shared_ptr<File>> result;
  for (const std::weak_ptr<File>& known : files_) {
    if (std::shared_ptr<File> file = known.lock()) {
      result.push_back(std::move(file));
    }
  }
  return result;
}

std::error_code Files::reopen_all() {
  std::error_code first;
  for (const std::shared_ptr<File>& file : all()) {
    const std::error_code error = file->reopen();
    if (error && !first) {
      first = error;
    }
  }
  return first;
}

}  // namespace sluice::log
