// SPDX-License-Identifier: MIT
// One client's connection: reads requests in turn and answers each as its route says, or as badly
// as the options ask for.  One thread; small answers are one write and no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include "backend/listen.h"
#include "backend/options.h"
#include "backend/route.h"
#include "http/body.h"
#include "http/parser.h"

namespace sluice::backend {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;
template <class T>
using Task = boost::asio::awaitable<T, Executor>;

class Connection {
 public:
  // `listener` and `faults` outlive the connection.
  Connection(Socket socket, const Listener& listener, const Faults& faults);

  // Returns when the connection is to be closed.
  Task<void> run();

 private:
  // What is needed of a request once its head's bytes may be gone.
  struct Request {
    Answer answer;
    http::Framing body;
    bool is_head = false;
    bool is_http10 = false;
    bool keep_alive = false;
    bool expects_continue = false;
  };

  // Reading.  `unread` are the bytes received and not dealt with.
  [[nodiscard]] std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }
  bool make_room();
  Task<bool> read_more(bool is_idle);
  Task<bool> next_piece(std::string_view& piece);
  Request take_request();

  // Answering.  Each says whether the connection goes on.
  bool answer_now(const Request& request, bool& sent_all);
  Task<bool> answer_in_steps(Request request);
  Task<bool> send_content(const Request& request);
  Task<bool> send_pattern_piece(std::uint64_t offset, std::uint64_t size);
  Task<bool> echo(const Request& request);
  Task<bool> read_body(Request& request);
  Task<bool> flush(int flags = 0);
  bool try_flush(int flags);
  void append_head(const Request& request, std::uint64_t size);
  void append_content(const Request& request);
  bool count_answer(const Request& request);
  void reset();

  Socket socket_;
  const Listener& listener_;
  const Faults& faults_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  http::RequestParser parser_;
  http::BodyReader body_;
  std::string out_;  // composed and not yet sent from out_sent_ on
  std::size_t out_sent_ = 0;
  std::string text_;  // the text of an answer that depends on the request
  std::uint64_t answers_ = 0;
};

}  // namespace sluice::backend
