// SPDX-License-Identifier: MIT
// One client of the load: it connects, asks, and reads the answer to its end.  A plain state
// machine over a non-blocking socket, since the generator should cost less than what it measures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/load/options.h"
#include "http/body.h"
#include "http/parser.h"

namespace sluice::load {

// What all connections send.
class Message {
 public:
  explicit Message(const Options& options);
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] std::uint64_t body_size() const { return body_size_; }
  // Sends of the body what the socket takes; as sendfile(2).
  [[nodiscard]] ssize_t send_body(int socket, std::uint64_t offset) const;

 private:
  std::string head_;
  std::uint64_t body_size_ = 0;  // on the wire
  int file_ = -1;                // a repeated piece of it
  std::uint64_t period_ = 0;     // its size
  std::string end_;              // what follows the last whole piece, when chunked
};

class Connection {
 public:
  enum class State : std::uint8_t { closed, idle, busy };
  enum class Event : std::uint8_t { none, answered, failed };

  Connection(const Options& options, const Message& message, int epoll, std::uint32_t number);
  ~Connection() { close(); }
  Connection(const Connection&) = delete;

  // Connects first where need be.  Never from within a request.
  Event ask();
  // The socket has news (EPOLLIN, EPOLLOUT …).
  Event proceed(std::uint32_t events);
  void close();

  [[nodiscard]] State state() const { return state_; }
  std::uint64_t began = 0;  // when, for whoever asked

 private:
  bool connect();
  bool send();
  Event receive(bool has_ended);
  Event take(std::string_view bytes);
  Event finish();
  Event fail();
  [[nodiscard]] bool skips_body() const;

  const Options& options_;
  const Message& message_;
  int epoll_;
  std::uint32_t number_;
  int socket_ = -1;
  State state_ = State::closed;
  bool has_head_ = false;
  bool keeps_ = false;      // the server allows another request
  std::uint64_t sent_ = 0;  // of head and body
  std::string head_bytes_;  // of an answer's head that came in pieces
  http::AnswerParser parser_;
  http::BodyReader body_;
};

}  // namespace sluice::load
