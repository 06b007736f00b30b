// SPDX-License-Identifier: MIT
#include "tests/support/steady_load.h"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

namespace sluice::tests {
namespace {

// One exchange: whether it gave a whole 200, and whether the connection is kept.  Reads by
// Content-Length, which the answers of these tests have.
struct Outcome {
  bool good = false;
  bool kept = false;
};
Outcome ask(const Socket& socket, const std::string& request) {
  const Deadline deadline;
  if (!send_all(socket, request, deadline)) return {};
  std::string received;
  std::size_t whole = std::string::npos;
  while (received.size() < whole) {
    if (read_some(socket, received, deadline) != ReadResult::bytes) return {};
    const auto end = received.find("\r\n\r\n");
    const auto length = received.find("Content-Length: ");
    if (end != std::string::npos && length < end) {
      whole = end + 4 + std::stoul(received.substr(length + 16));
    }
  }
  return {received.starts_with("HTTP/1.1 200 ") && received.size() == whole,
          received.find("Connection: close") == std::string::npos};
}

}  // namespace

SteadyLoad::SteadyLoad(const std::string& address, std::size_t clients, Connections connections,
                       const std::string& path) {
  for (std::size_t i = 0; i < clients; ++i) {
    clients_.emplace_back([=, this] { send(address, connections, path); });
  }
}

SteadyLoad::~SteadyLoad() {
  stop();
}

void SteadyLoad::stop() {
  stopped_ = true;
  for (std::thread& client : clients_) {
    if (client.joinable()) client.join();
  }
}

void SteadyLoad::send(const std::string& address, Connections connections,
                      const std::string& path) {
  const bool kept = connections == Connections::kept;
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: load\r\nConnection: " + (kept ? "keep-alive" : "close") +
      "\r\n\r\n";
  std::optional<Socket> socket;
  while (!stopped_) {
    try {
      if (!socket) socket.emplace(connect_to(address));
      const Outcome outcome = ask(*socket, request);
      if (outcome.good) {
        ++answered_;
      } else {
        note_failure();
      }
      if (!outcome.kept) socket.reset();
    } catch (const std::runtime_error&) {  // nobody listens
      note_failure();
      socket.reset();
    }
  }
}

void SteadyLoad::note_failure() {
  ++failed_;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count();
  std::int64_t none = 0;
  first_failure_.compare_exchange_strong(none, now);
  last_failure_ = now;
}

void SteadyLoad::wait_for_more(std::uint64_t answers) {
  const std::uint64_t wanted = answered_ + answers;
  const Deadline deadline;
  while (answered_ < wanted && !deadline.passed()) std::this_thread::yield();
  EXPECT_GE(answered_, wanted) << "answers did not come";
}

std::chrono::microseconds SteadyLoad::failing_time() const {
  return std::chrono::microseconds{last_failure_ - first_failure_};
}

}  // namespace sluice::tests
