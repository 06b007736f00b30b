// SPDX-License-Identifier: MIT
// One client's connection: reads requests in turn and answers each as its route says, or as badly
// as the options ask for.  One thread; small answers are one write and no allocation.
#pragma once

#include <cstdint>
#include <string>

#include "backend/input.h"
#include "backend/io.h"
#include "backend/listen.h"
#include "backend/options.h"
#include "backend/output.h"
#include "backend/route.h"

namespace sluice::backend {

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

  Request take_request();
  // These say whether the connection goes on.
  bool answer_now(const Request& request, bool& sent_all);
  Task<bool> answer_in_steps(Request request);
  Task<bool> send_content(const Request& request);
  Task<bool> echo(Request request);
  Task<bool> read_body(Request& request);
  bool count_answer(const Request& request);

  void append_head(const Request& request, std::uint64_t size);
  void append_content(const Answer& answer);
  void write_sum(std::uint64_t size, unsigned long crc, Answer& answer);
  void reset();

  Socket socket_;
  const Listener& listener_;
  const Faults& faults_;
  Input input_{socket_, faults_.close_idle};
  Output output_{socket_};
  std::string text_;  // the text of an answer that depends on the request
  std::uint64_t answers_ = 0;
};

}  // namespace sluice::backend
