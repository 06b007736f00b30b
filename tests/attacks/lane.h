// SPDX-License-Identifier: MIT
// One way through sluice: an address of its own, and a peer behind it that keeps every byte.  Both
// are unix: sockets, of which the sender can see what the receiver has read.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/attacks/attack.h"
#include "tests/support/sockets.h"

namespace sluice::tests::attacks {

// Answers each request with 200 and "ok", one connection after the other.
class RecordingPeer {
 public:
  explicit RecordingPeer(const std::string& address);
  ~RecordingPeer();
  RecordingPeer(const RecordingPeer&) = delete;
  RecordingPeer& operator=(const RecordingPeer&) = delete;

  // What came over each connection up to the one that asked for `path`, which is not among them.
  // Forgets it.  Fails the test when that one does not come.
  std::vector<std::string> take_until(std::string_view path);

 private:
  void serve();

  Socket listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> connections_;  // those that have ended
  bool ending_ = false;
  std::thread thread_;
};

class Lane {
 public:
  // Files `client` and `peer` in the folder.
  Lane(const std::string& folder, std::size_t number);

  // The upstream and the server, for sluice's configuration.
  [[nodiscard]] std::string configuration() const;

  // Sends the attack in two parts, the second when the first has been read.
  struct Outcome {
    std::string statuses;
    std::string seen;
  };
  Outcome run(const Attack& attack, std::size_t cut);

 private:
  std::string client_address_;
  std::string peer_address_;
  std::string name_;
  RecordingPeer peer_;
  std::size_t runs_ = 0;
};

}  // namespace sluice::tests::attacks
