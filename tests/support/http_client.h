// SPDX-License-Identifier: MIT
// A client for tests: one connection, kept alive, that blocks but never for longer than its
// patience: what does not come fails the test.  Reads HTTP by itself, so that a mistake of ours is
// not made twice.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

namespace sluice::tests {

struct HttpAnswer {
  int status = 0;           // 0: no answer came; the test has failed already
  std::string status_line;  // "HTTP/1.1 200 OK"
  std::string head;         // as received, blank line included
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // without its framing
  std::vector<std::pair<std::string, std::string>> trailers;
  bool complete = false;  // the body ended as its framing promised

  // The first header of that name in any case, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return count(name) > 0; }
};

class HttpClient {
 public:
  // "127.0.0.1:80", "[::1]:80" or "unix:/path".  Throws when nobody listens there.
  explicit HttpClient(const std::string& address, milliseconds patience = kPatience);

  // `headers` are whole lines: "X-A: 1\r\nX-B: 2\r\n".  A Host header is added unless given.
  HttpAnswer get(std::string_view path, std::string_view headers = {});
  HttpAnswer request(std::string_view method, std::string_view path, std::string_view headers = {},
                     std::string_view body = {});

  void send(std::string_view bytes);
  // The next answer; those of status 1xx are answers too.  `to` is the request's method.
  HttpAnswer read_answer(std::string_view to = "GET");
  // The same with a body of any size, which `take` gets piece by piece.
  using Sink = std::function<void(std::string_view piece)>;
  HttpAnswer read_answer_into(const Sink& take, std::string_view to = "GET");

  // All bytes until the other side ends or resets the connection.
  std::string read_until_close();
  // True when the other side closed, without a byte before it.
  bool is_closed() { return read_until_close().empty(); }

  void shutdown_write();
  void close() { socket_.close(); }
  void reset() { socket_.reset(); }
  [[nodiscard]] const Socket& socket() const { return socket_; }

 private:
  bool read_line(std::string& line);
  bool read_fields(std::vector<std::pair<std::string, std::string>>& fields, std::string* raw);
  bool read_length(std::uint64_t length, const Sink& take);
  bool read_chunks(HttpAnswer& answer, const Sink& take);
  void read_body(HttpAnswer& answer, std::string_view to, const Sink& take);
  bool more();

  std::string address_;
  milliseconds patience_;
  Socket socket_;
  std::string received_;  // and not yet used from at_ on
  std::size_t at_ = 0;
  Deadline deadline_{milliseconds{0}};
  ReadResult last_ = ReadResult::bytes;
};

// One GET over a connection of its own.
HttpAnswer http_get(const std::string& address, std::string_view path,
                    std::string_view headers = {});

}  // namespace sluice::tests
