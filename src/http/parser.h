// SPDX-License-Identifier: MIT
// Bytes become a head.  Wraps llhttp and refuses what it would let pass: bare CR or LF, NUL,
// obs-fold, blanks around names, doubtful framing.  No sockets: the caller owns the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "http/head.h"

namespace sluice::http {

enum class Progress : std::uint8_t { incomplete, complete, invalid };

// What nginx lets a server decide about its clients' headers.
struct HeaderRules {
  bool ignore_invalid = true;         // ignore_invalid_headers: drop a header with an odd name
  bool underscores_in_names = false;  // underscores_in_headers
};

// Why a message was refused.  `status` is what the client of a bad request gets; for an answer it
// is 502 always.  `reason` is for the log: "client sent invalid header line", a static text.
struct Refusal {
  std::uint16_t status = 400;
  const char* reason = "";
};

class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  // Forgets everything; keeps its memory.
  void restart(HeaderRules rules = {});

  // `bytes` is all that has come since the message began, each time again from its first byte; it
  // may have moved in memory since the last call, and may hold more than the head.  Bytes seen
  // before are not parsed again.  Leading empty lines (CRLF) are skipped and counted in
  // head().size.
  Progress parse(std::string_view bytes);

  // Valid after `complete`, until the next restart, as long as the bytes last given to parse().
  [[nodiscard]] const RequestHead& head() const;
  // Valid after `invalid`.  400, 405 (CONNECT), 414 is the caller's (it owns the limits), 501 (an
  // unknown transfer coding), 505 (not HTTP/1.x).
  [[nodiscard]] Refusal refusal() const;
  // After `incomplete`: is the request line whole?  Tells 414 from "request header too large".
  [[nodiscard]] bool has_request_line() const;
  // After `invalid` or a limit: the request line as far as it is known, for the log.
  [[nodiscard]] std::string_view line() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class AnswerParser {
 public:
  AnswerParser();
  ~AnswerParser();
  AnswerParser(AnswerParser&&) noexcept;
  AnswerParser& operator=(AnswerParser&&) noexcept;

  // `to` is the request's method: an answer to HEAD has no body, and CONNECT is not ours.
  void restart(Method to);
  Progress parse(std::string_view bytes);  // as RequestParser::parse
  [[nodiscard]] const AnswerHead& head() const;
  [[nodiscard]] Refusal refusal() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::http
