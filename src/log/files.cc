// SPDX-License-Identifier: MIT
#include "log/files.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "log/poll_timeout.h"

namespace sluice::log {
namespace {

using std::chrono::milliseconds;

// nginx waits a minute between two complaints of a file.
constexpr std::chrono::seconds kBetweenReports{1};
// A disk that hangs must not keep the control thread from the next signal for ever.
constexpr std::chrono::seconds kReopenPatience{5};

std::string loss_text(const File& file, const Loss& loss) {
  std::string text = std::to_string(loss.lines) + (loss.lines == 1 ? " line" : " lines");
  text.append(" of the log lost: write() to \"").append(file.path()).append("\" ");
  if (loss.error) {
    text.append("failed (").append(std::to_string(loss.error.value())).append(": ");
    return text.append(loss.error.message()).append(")");
  }
  return text.append("is too slow");
}

}  // namespace

Files::~Files() {
  stop({});
  withdraw_offers();
  if (event_ >= 0) {
    ::close(event_);
  }
}

std::shared_ptr<File> Files::open(const std::string& path, std::error_code& error) {
  const std::lock_guard lock(lock_);
  auto known = std::ranges::find_if(entries_,
                                    [&](const Entry& entry) { return entry.file->path() == path; });
  if (known == entries_.end()) {
    std::unique_ptr<File> file = File::open(path, take_offer(path), *this, error);
    if (!file) {
      return nullptr;
    }
    entries_.push_back({std::move(file), {}, 0});
    known = entries_.end() - 1;
  }
  std::shared_ptr<File> handle = known->handle.lock();
  if (!handle) {
    handle = {known->file.get(), [this](File* last) { released(*last); }};
    known->handle = handle;
    ++known->handles;
  }
  return handle;
}

void Files::offer(const std::string& path, int descriptor) {
  const std::lock_guard lock(lock_);
  if (const auto [known, is_new] = offers_.emplace(path, descriptor); !is_new) {
    ::close(std::exchange(known->second, descriptor));
  }
}

void Files::withdraw_offers() {
  const std::lock_guard lock(lock_);
  for (const auto& [path, descriptor] : offers_) {
    ::close(descriptor);
  }
  offers_.clear();
}

// Under the lock.  -1: there is none.
int Files::take_offer(const std::string& path) {
  const auto offer = offers_.extract(path);
  return offer ? offer.mapped() : -1;
}

std::vector<std::shared_ptr<File>> Files::all() {
  const std::lock_guard lock(lock_);
  std::vector<std::shared_ptr<File>> result;
  for (const Entry& entry : entries_) {
    if (std::shared_ptr<File> file = entry.handle.lock()) {
      result.push_back(std::move(file));
    }
  }
  return result;
}

Files::Entry* Files::entry_of(const File& file) {
  const auto known =
      std::ranges::find(entries_, &file, [](const Entry& entry) { return entry.file.get(); });
  return known == entries_.end() ? nullptr : &*known;
}

// The last owner of a file has let go of it.  Once the lock is released it may be gone.
void Files::released(File& file) {
  file.hurry();
  {
    const std::lock_guard lock(lock_);
    --entry_of(file)->handles;
    if (!running()) {
      std::erase_if(entries_, [](const Entry& entry) { return entry.handles == 0; });
      return;
    }
    ready_.push_back(&file);
  }
  wake();
}

void Files::prepare(std::function<void(const std::string&)> complain) {
  complain_ = std::move(complain);
  event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void Files::stop(milliseconds patience) {
  if (!running()) {
    return;
  }
  {
    const std::lock_guard lock(lock_);
    wishes_.stop = true;
    patience_ = patience;
  }
  wake();
  thread_.join();
  has_thread_ = false;
  wishes_ = {};
}

void Files::flush() {
  {
    const std::lock_guard lock(lock_);
    wishes_.flush = true;
  }
  wake();
}

std::vector<std::string> Files::reopen_all() {
  if (!running()) {
    return reopen_now();
  }
  std::unique_lock lock(lock_);
  wishes_.reopen = true;
  wake();
  const bool done = reopened_.wait_for(lock, kReopenPatience, [this] { return !wishes_.reopen; });
  if (!done) {
    return {"the logs are not open again yet: a disk hangs"};
  }
  return std::exchange(reopen_failures_, {});
}

void Files::wake(File& file) {
  {
    const std::lock_guard lock(lock_);
    ready_.push_back(&file);
  }
  wake();
}

void Files::wake() {
  if (!awake_.exchange(true)) {
    ::eventfd_write(event_, 1);
  }
  if (!has_thread_ && !has_thread_.exchange(true)) {
    thread_ = std::thread([this] { run(); });
  }
}

void Files::run() {
  std::vector<File*> busy;  // those that wait for a time, or for their reader
  SteadyTime next_report = SteadyTime::max();
  SteadyTime give_up = SteadyTime::max();
  for (;;) {
    sleep(busy, std::min(next_report, give_up));
    // What comes from here on wakes us again.
    awake_.store(false);
    const Wishes wishes = take_news(busy);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (wishes.stop && give_up == SteadyTime::max()) {
      give_up = now + patience_;
    }
    const bool even_buffered = wishes.flush || wishes.reopen || wishes.stop;
    std::erase_if(
        busy, [&](File* file) { return file->advance(now, even_buffered) == File::State::done; });
    close_released(busy);
    if (wishes.reopen) {
      std::vector<std::string> failures = reopen_now();
      const std::lock_guard lock(lock_);
      reopen_failures_ = std::move(failures);
      wishes_.reopen = false;
      reopened_.notify_all();
    }
    next_report = report_losses(now);
    if (wishes.stop && (busy.empty() || now >= give_up)) {
      break;
    }
  }
  running_.store(false, std::memory_order_release);
}

// Until something is written to the event, a reader has caught up, or a time has come.
void Files::sleep(const std::vector<File*>& busy, SteadyTime time) const {
  std::vector<pollfd> descriptors{{event_, POLLIN, 0}};
  for (File* file : busy) {
    if (file->written_ < file->writing_.size()) {
      descriptors.push_back({file->descriptor_, POLLOUT, 0});
    } else {
      time = std::min(time, file->due());
    }
  }
  ::poll(descriptors.data(), descriptors.size(),
         poll_timeout(time, std::chrono::steady_clock::now()));
  eventfd_t count = 0;
  ::eventfd_read(event_, &count);
}

Files::Wishes Files::take_news(std::vector<File*>& busy) {
  const std::lock_guard lock(lock_);
  const Wishes wishes = wishes_;
  wishes_.flush = false;
  if (wishes.flush || wishes.reopen || wishes.stop) {
    ready_.clear();
    for (const Entry& entry : entries_) {
      ready_.push_back(entry.file.get());
    }
  }
  for (File* file : ready_) {
    if (std::ranges::find(busy, file) == busy.end()) {
      busy.push_back(file);
    }
  }
  ready_.clear();
  return wishes;
}

// A file that nobody has any more is closed once its lines are written.
void Files::close_released(std::vector<File*>& busy) {
  const std::lock_guard lock(lock_);
  std::erase_if(entries_, [&](const Entry& entry) {
    File* file = entry.file.get();
    return entry.handles == 0 && std::ranges::find(busy, file) == busy.end() &&
           std::ranges::find(ready_, file) == ready_.end();
  });
}

std::vector<std::string> Files::reopen_now() {
  std::vector<std::string> failures;
  for (const std::shared_ptr<File>& file : all()) {
    std::unique_lock lock(lock_);
    const int offered = take_offer(file->path());
    lock.unlock();
    if (const std::error_code error = file->reopen(offered)) {
      failures.push_back("open() \"" + file->path() + "\" failed (" +
                         std::to_string(error.value()) + ": " + error.message() + ")");
    }
  }
  return failures;
}

// When to look again: losses of the last second are told of with the next ones.
SteadyTime Files::report_losses(SteadyTime now) {
  if (now - last_report_ < kBetweenReports) {
    return last_report_ + kBetweenReports;
  }
  for (const std::shared_ptr<File>& file : all()) {
    if (const Loss loss = file->take_loss()) {
      last_report_ = now;
      complain_(loss_text(*file, loss));
    }
  }
  return SteadyTime::max();
}

}  // namespace sluice::log
