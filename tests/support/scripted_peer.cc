// SPDX-License-Identifier: MIT
#include "tests/support/scripted_peer.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

namespace sluice::tests {

ScriptedPeer::ScriptedPeer(std::initializer_list<Step> steps)
    : ScriptedPeer("127.0.0.1:0", steps) {}

ScriptedPeer::ScriptedPeer(const std::string& address, std::initializer_list<Step> steps)
    : listener_(listen_on(address)), address_(local_address(listener_)), steps_(steps) {
  if (steps_.empty()) steps_.push_back(respond(200));
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedPeer::~ScriptedPeer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(listener_.fd(), SHUT_RDWR);  // wakes the accept
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
}

void ScriptedPeer::accept_all() {
  while (true) {
    const int fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    if (ending_) {
      Socket(fd).close();
      return;
    }
    open_.push_back(fd);
    const std::size_t number = accepted_++;
    changed_.notify_all();
    threads_.emplace_back([this, fd, number] {
      PeerConnection connection(*this, Socket(fd), number);
      serve(connection);
      connection.close();
    });
  }
}

void ScriptedPeer::serve(PeerConnection& connection) {
  if (!next_is_at_accept() && !connection.wait_for_bytes()) return;
  do {
    take_step().script(connection);
  } while (connection.is_open() && connection.wait_for_bytes());
}

bool ScriptedPeer::next_is_at_accept() const {
  const std::lock_guard lock(mutex_);
  return !steps_[next_step_].waits_for_request;
}

Step ScriptedPeer::take_step() {
  const std::lock_guard lock(mutex_);
  const Step& step = steps_[next_step_];
  if (next_step_ + 1 < steps_.size()) ++next_step_;
  return step;
}

void ScriptedPeer::remember(const PeerRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  changed_.notify_all();
}

// Under the lock, so that the number of a closed descriptor is never taken for the connection that
// is given it next.
void ScriptedPeer::close(Socket& socket, bool with_reset) {
  const std::lock_guard lock(mutex_);
  if (!socket.is_open()) return;
  std::erase(open_, socket.fd());
  with_reset ? socket.reset() : socket.close();
  changed_.notify_all();
}

std::vector<PeerRequest> ScriptedPeer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedPeer::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::size_t ScriptedPeer::open() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

void ScriptedPeer::close_all() {
  const std::lock_guard lock(mutex_);
  for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
}

bool ScriptedPeer::wait(const char* what, const std::function<bool()>& happened) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_until(lock, Deadline().end(), happened)) return true;
  ADD_FAILURE() << "peer " << address_ << " waited in vain for " << what << "; it saw "
                << requests_.size() << " requests, " << accepted_ << " connections, of which "
                << open_.size() << " are open";
  return false;
}

std::vector<PeerRequest> ScriptedPeer::wait_for_requests(std::size_t count) {
  wait("requests", [&] { return requests_.size() >= count; });
  std::vector<PeerRequest> seen = requests();
  seen.resize(std::max(seen.size(), count));  // the test has failed, but must not crash
  return seen;
}

void ScriptedPeer::wait_for_connections(std::size_t accepted) {
  wait("connections", [&] { return accepted_ >= accepted; });
}

void ScriptedPeer::wait_until_all_closed() {
  wait("the end of its connections", [&] { return open_.empty(); });
}

}  // namespace sluice::tests
