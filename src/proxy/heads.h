// SPDX-License-Identifier: MIT
// What the heads that an exchange writes have in common.  All are put together anew, never passed
// through as bytes: peer_head.h, answer_head.h, own_head.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::proxy {

// How the body travels behind a head.
struct BodyPlan {
  enum class Kind : std::uint8_t { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

// What an answer says about the connection it travels on.
struct ClientConnection {
  std::uint8_t minor = 1;  // of the request; the answer is HTTP/1.1 in any case, as nginx's is
  bool keep_alive = false;
  std::optional<std::chrono::seconds> keep_alive_header;  // `Keep-Alive: timeout=N`
};

// What an answer says about parts of its content.
struct RangeHeaders {
  std::string_view content_range = {};  // empty: no such header
  bool accepts = false;                 // Accept-Ranges: bytes
};

// What is settled before the head of an answer is written, whoever made the answer.
struct AnswerFrame {
  BodyPlan body;
  ClientConnection connection;
  std::string_view server;  // the Server header
  std::string_view date;
  std::string_view carried = {};          // whole lines of an earlier answer, and
  std::string_view carried_caching = {};  // those that `expires` takes the place of
  bool trailers = false;                  // a peer's are passed on
  RangeHeaders ranges = {};               // a part makes a 206 of the answer
};

// Variables may hold what a client wrote percent-encoded ($uri, captures): no line of a head may
// end inside of a value.  Turns CR, LF and NUL from `begin` on into blanks.
void keep_on_one_line(std::string& out, std::size_t begin);

// Content-Length or Transfer-Encoding; nothing for the other kinds.
void append_framing(std::string& out, const BodyPlan& body);
void append_range_headers(std::string& out, const RangeHeaders& ranges);
// Connection, and Keep-Alive when it is wanted.
void append_connection(std::string& out, const ClientConnection& connection);

}  // namespace sluice::proxy
