// SPDX-License-Identifier: MIT
// Every log file of the process, each path opened once and shared over reloads; and the log thread,
// the only one that writes them from start() on.  It is made when there is something to write.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "log/file.h"

namespace sluice::log {

class Files {
 public:
  Files() = default;
  ~Files();  // after every File it gave out
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  // "stderr", or a path that is created when missing.  The file is closed when nobody has it any
  // more and its lines are written.
  std::shared_ptr<File> open(const std::string& path, std::error_code& error);
  [[nodiscard]] std::vector<std::shared_ptr<File>> all();
  // A descriptor that somebody who may has opened for us: it is taken when `path` is opened, or
  // opened again, until the offers are withdrawn.  It is ours from now on.
  void offer(const std::string& path, int descriptor);
  void withdraw_offers();

  // Before start() and after stop(), lines are written by whoever has them: a thread does not
  // outlive fork(), and what is said then must not be lost.
  // `complain` is called by the log thread, once a second at most, with what was lost.
  void prepare(std::function<void(const std::string&)> complain);
  void start() { running_.store(true, std::memory_order_release); }
  // Writes what waits, but for a reader who is too slow no longer than `patience`.
  void stop(std::chrono::milliseconds patience);
  [[nodiscard]] bool running() const { return running_.load(std::memory_order_acquire); }

  // What is buffered is written soon.
  void flush();
  // USR1: what waits is written to the old files, then each is opened again.  Returns after that,
  // with what could not be: "open() "/a.log" failed (2: …)"; its old file stays.
  std::vector<std::string> reopen_all();

 private:
  friend class File;
  struct Entry {
    std::unique_ptr<File> file;
    std::weak_ptr<File> handle;
    // Handles whose last owner has not been heard of: a handle that expired is not enough, for its
    // owner may be just about to tell.
    std::size_t handles = 0;
  };
  struct Wishes {
    bool flush = false;
    bool reopen = false;
    bool stop = false;
  };

  // By any thread: there is something to do for this file.
  void wake(File& file);
  void wake();
  [[nodiscard]] Entry* entry_of(const File& file);
  void released(File& file);

  // Of the log thread.
  void run();
  void sleep(const std::vector<File*>& busy, SteadyTime until) const;
  Wishes take_news(std::vector<File*>& busy);
  void close_released(std::vector<File*>& busy);
  std::vector<std::string> reopen_now();
  [[nodiscard]] int take_offer(const std::string& path);
  [[nodiscard]] SteadyTime report_losses(SteadyTime now);

  int event_ =
      -1;  // wakes the thread; made by prepare(), for one made before fork() would be shared
  std::atomic<bool> running_ = false;
  std::atomic<bool> has_thread_ = false;
  std::atomic<bool> awake_ = false;
  std::thread thread_;
  std::function<void(const std::string&)> complain_;
  SteadyTime last_report_{};

  std::mutex lock_;
  std::vector<Entry> entries_;  // these are guarded by it
  std::vector<File*> ready_;
  std::map<std::string, int> offers_;
  Wishes wishes_;
  std::chrono::milliseconds patience_{};
  std::vector<std::string> reopen_failures_;
  std::condition_variable reopened_;
};

}  // namespace sluice::log
