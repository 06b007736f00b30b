// SPDX-License-Identifier: MIT
#include "tests/oracle/picks_peers.h"

#include <array>
#include <list>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::tests::oracle {
namespace {

constexpr std::string_view kBegin =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\no";
constexpr std::string_view kEnd = "k";
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kHold = "\r\nX-Hold: ";

void send(const Socket& socket, std::string_view bytes) {
  send_all(socket, bytes, Deadline());
}

}  // namespace

PickPeers::PickPeers(std::size_t count)
    : peers_(count), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (Peer& peer : peers_) {
    peer.listener = listen_on("127.0.0.1:0");
    peer.address = local_address(peer.listener);
  }
  thread_ = std::thread([this] { serve(); });
}

PickPeers::~PickPeers() {
  const std::uint64_t one = 1;
  EXPECT_EQ(::write(wake_.fd(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
  thread_.join();
}

void PickPeers::release(const std::string& id) {
  Socket socket;
  {
    const std::lock_guard lock(mutex_);
    socket = std::move(held_[id]);
    held_.erase(id);
  }
  ASSERT_TRUE(socket.is_open()) << id << " is not held";
  send(socket, kEnd);
}

void PickPeers::serve() {
  std::list<Connection> connections;
  for (;;) {
    std::vector<pollfd> waits{{wake_.fd(), POLLIN, 0}};
    for (const Peer& peer : peers_) waits.push_back({peer.listener.fd(), POLLIN, 0});
    for (const Connection& one : connections) waits.push_back({one.socket.fd(), POLLIN, 0});
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) return;
    std::size_t at = 1 + peers_.size();
    for (auto one = connections.begin(); one != connections.end(); ++at) {
      one = waits[at].revents != 0 && !read(*one) ? connections.erase(one) : std::next(one);
    }
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (waits[1 + i].revents == 0) continue;
      Socket socket(::accept4(peers_[i].listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.is_open()) connections.push_back({std::move(socket), &peers_[i], {}});
    }
  }
}

// False: the connection is done with.
bool PickPeers::read(Connection& connection) {
  std::array<char, 4096> bytes;
  const ssize_t size = ::recv(connection.socket.fd(), bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  connection.received.append(bytes.data(), static_cast<std::size_t>(size));
  if (connection.received.find("\r\n\r\n") == std::string::npos) return true;
  answer(connection);
  return false;
}

void PickPeers::answer(Connection& connection) {
  const Mood mood = connection.peer->mood;
  if (mood == Mood::closes) return;
  if (mood == Mood::is_busy) return send(connection.socket, kBusy);
  const std::size_t hold = connection.received.find(kHold);
  if (hold == std::string::npos) {
    return send(connection.socket, std::string(kBegin) + std::string(kEnd));
  }
  const std::size_t begin = hold + kHold.size();
  const std::string id =
      connection.received.substr(begin, connection.received.find('\r', begin) - begin);
  const std::lock_guard lock(mutex_);
  const Socket& held = held_[id] = std::move(connection.socket);
  send(held, kBegin);
}

}  // namespace sluice::tests::oracle
