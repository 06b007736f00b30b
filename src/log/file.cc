// SPDX-License-Identifier: MIT
#include "log/file.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "log/files.h"

namespace sluice::log {
namespace {

constexpr std::string_view kStderr = "stderr";

std::error_code last_error() {
  return {errno, std::system_category()};
}

}  // namespace

// Never blocks.  A FIFO that nobody reads has no writing end to open; with both ends it does, and
// keeps as many lines as a pipe holds until somebody comes.
int open_for_append(const std::string& path) {
  constexpr int kFlags = O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const int descriptor = ::open(path.c_str(), O_WRONLY | kFlags, 0644);
  return descriptor < 0 && errno == ENXIO ? ::open(path.c_str(), O_RDWR | kFlags, 0644)
                                          : descriptor;
}

bool may_be_given(const std::string& path, int descriptor) {
  struct stat status {};
  return path != kStderr && !path.starts_with("/dev/") && !path.starts_with("/proc/") &&
         ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

std::unique_ptr<File> File::open(const std::string& path, int offered, Files& files,
                                 std::error_code& error) {
  const int descriptor = offered >= 0      ? offered
                         : path == kStderr ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
                                           : open_for_append(path);
  if (descriptor < 0) {
    error = last_error();
    return nullptr;
  }
  return std::unique_ptr<File>(new File(path, descriptor, files));
}

File::~File() {
  ::close(descriptor_);
}

void File::write(std::string_view line, const Buffering& buffering) {
  if (!files_.running()) {
    [[maybe_unused]] const auto put = ::write(descriptor_, line.data(), line.size());
    return;
  }
  bool wake = false;
  {
    const std::lock_guard lock(lock_);
    if (waiting_.size() >= std::max(kMostWaiting, buffering.size)) {
      wake = loss_.lines++ == 0;  // somebody has to tell
    } else if (waiting_ += line; waiting_.size() >= buffering.size) {
      wake = !urgent_;
      urgent_ = true;
    } else if (buffering.flush.count() > 0 && due_ == SteadyTime::max()) {
      wake = true;
      due_ = std::chrono::steady_clock::now() + buffering.flush;
    }
  }
  if (wake) {
    files_.wake(*this);
  }
}

void File::hurry() {
  const std::lock_guard lock(lock_);
  urgent_ = true;
}

File::State File::advance(SteadyTime now, bool even_buffered) {
  for (;;) {
    if (written_ == writing_.size() && !take_waiting(now, even_buffered)) {
      return due() == SteadyTime::max() ? State::done : State::waiting;
    }
    const long put = write_some();
    if (put >= 0) {
      written_ += static_cast<std::size_t>(put);
    } else if (errno == EAGAIN) {
      return State::blocked;
    } else if (errno != EINTR) {
      give_up(last_error());
      return State::done;
    }
  }
}

// Changes places with the text that was written, so that both keep their memory.
bool File::take_waiting(SteadyTime now, bool even_buffered) {
  writing_.clear();
  written_ = 0;
  const std::lock_guard lock(lock_);
  if (!urgent_ && now < due_ && !even_buffered) {
    return false;
  }
  urgent_ = false;
  due_ = SteadyTime::max();
  writing_.swap(waiting_);
  return !writing_.empty();
}

// Our stderr may be somebody else's stdin: it cannot be made non-blocking for us alone, but a pipe
// that says it is writable takes PIPE_BUF bytes.
long File::write_some() const {
  std::size_t most = writing_.size() - written_;
  if (path_ == kStderr) {
    pollfd question{descriptor_, POLLOUT, 0};
    if (::poll(&question, 1, 0) == 0) {
      errno = EAGAIN;
      return -1;
    }
    most = std::min<std::size_t>(most, PIPE_BUF);
  }
  return ::write(descriptor_, writing_.data() + written_, most);
}

// Whole lines only: the rest of one that has begun stays, and goes first the next time.
void File::give_up(std::error_code error) {
  const bool begun = written_ > 0 && writing_[written_ - 1] != '\n';
  const std::size_t keep_to = begun ? writing_.find('\n', written_) + 1 : written_;
  const auto first_lost = writing_.begin() + static_cast<std::ptrdiff_t>(keep_to);
  const auto lines = static_cast<std::uint64_t>(std::count(first_lost, writing_.end(), '\n'));
  writing_.erase(keep_to);
  writing_.erase(0, written_);
  written_ = 0;
  const std::lock_guard lock(lock_);
  loss_.lines += lines;
  loss_.error = error;
}

SteadyTime File::due() {
  const std::lock_guard lock(lock_);
  return urgent_ ? SteadyTime::min() : due_;
}

Loss File::take_loss() {
  const std::lock_guard lock(lock_);
  return std::exchange(loss_, {});
}

std::error_code File::reopen(int offered) {
  if (path_ == kStderr) {
    return {};
  }
  const int fresh = offered >= 0 ? offered : open_for_append(path_);
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
  if (may_be_given(path_, descriptor_)) {
    [[maybe_unused]] const int done = ::fchown(descriptor_, user, group);
  }
}

}  // namespace sluice::log
