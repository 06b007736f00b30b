// SPDX-License-Identifier: MIT
// The peers whom nginx and sluice both pick from.  Each answers one request a connection, at once,
// but for those that ask to be held: of them it sends all but the last byte, until released.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/sockets.h"

namespace sluice::tests::oracle {

enum class Mood : std::uint8_t {
  answers,
  closes,  // the connection, without an answer
  is_busy  // 503
};

class PickPeers {
 public:
  explicit PickPeers(std::size_t count);
  ~PickPeers();
  PickPeers(const PickPeers&) = delete;
  PickPeers& operator=(const PickPeers&) = delete;

  [[nodiscard]] std::size_t count() const { return peers_.size(); }
  [[nodiscard]] const std::string& address(std::size_t peer) const { return peers_[peer].address; }
  [[nodiscard]] Mood mood(std::size_t peer) const { return peers_[peer].mood; }
  void set_mood(std::size_t peer, Mood mood) { peers_[peer].mood = mood; }
  // The request with the header "X-Hold: ID", whose answer has begun.
  void release(const std::string& id);

 private:
  struct Peer {
    Socket listener;
    std::string address;
    std::atomic<Mood> mood{Mood::answers};
  };
  struct Connection {
    Socket socket;
    Peer* peer;
    std::string received;
  };

  void serve();
  bool read(Connection& connection);
  void answer(Connection& connection);

  std::vector<Peer> peers_;
  std::mutex mutex_;  // of held_
  std::map<std::string, Socket> held_;
  Socket wake_;
  std::thread thread_;
};

}  // namespace sluice::tests::oracle
