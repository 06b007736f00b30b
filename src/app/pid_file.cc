// SPDX-License-Identifier: MIT
#include "app/pid_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "app/complain.h"

namespace sluice::app {

using confparse::LogLevel;

constexpr const char* kAside = ".oldbin";

bool PidFile::write(const std::string& path, bool needed) {
  if (path.empty()) {
    return true;
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  net::Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (!file || ::write(file.get(), text.data(), text.size()) < 0) {
    complain(needed ? LogLevel::emerg : LogLevel::warn,
             "open() \"" + path + "\" failed " + system_error_text(errno));
    return !needed;
  }
  path_ = path;
  file_ = std::move(file);
  return true;
}

void PidFile::remove() {
  const std::string path = aside_ ? path_ + kAside : path_;
  if (path_.empty() || !names_us(path) || ::unlink(path.c_str()) == 0) {
    return;
  }
  // The folder is root's, who we are no more: a file without a number names nobody.
  [[maybe_unused]] const int done = ::ftruncate(file_.get(), 0);
}

// While we drained, another may have been started that wrote its own number into it.
bool PidFile::names_us(const std::string& path) {
  pid_t number = 0;
  return std::ifstream(path) >> number && number == ::getpid();
}

bool PidFile::step_aside() {
  if (!path_.empty() && ::rename(path_.c_str(), (path_ + kAside).c_str()) != 0) {
    return false;
  }
  aside_ = true;
  return true;
}

bool PidFile::is_another_aside() const {
  return path_.empty() || ::access((path_ + kAside).c_str(), F_OK) == 0;
}

void PidFile::come_back() {
  aside_ = false;
  if (!path_.empty()) {
    [[maybe_unused]] const int done = ::rename((path_ + kAside).c_str(), path_.c_str());
  }
}

}  // namespace sluice::app
