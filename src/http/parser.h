// SPDX-License-Identifier: MIT
// Bytes become a head.  Strict where llhttp alone would not be: refuses bare CR or LF, NUL,
// obs-fold, blanks around names, doubtful framing.  No sockets: the caller owns the bytes.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "http/head.h"
#include "http/head_lines.h"

namespace sluice::http {

enum class Progress : std::uint8_t { incomplete, complete, invalid };

// What nginx lets a server decide about its clients' headers.
struct HeaderRules {
  bool ignore_invalid = true;         // ignore_invalid_headers: drop a header with an odd name
  bool underscores_in_names = false;  // underscores_in_headers
  std::size_t most_lines = std::numeric_limits<std::size_t>::max();  // max_headers
};

// Tells the rules once the host is known, where servers that share an address differ in them: as in
// nginx they hold for the lines behind it.
class RulesByHost {
 public:
  // `host` is as received, and was not looked at; the next line begins at `next_line`.
  virtual HeaderRules rules_for(std::string_view host, std::size_t next_line) = 0;

 protected:
  ~RulesByHost() = default;
};

// Why a message was refused.  `status` is what the client of a bad request gets; for an answer it
// is 502 always.  `reason` is for the log: "client sent invalid header line", a static text.
struct Refusal {
  std::uint16_t status = 400;
  const char* reason = "";
};

class RequestParser {
 public:
  // Forgets everything; keeps its memory.  `by_host` is asked at most once: by the host of an
  // absolute-form target, else by the first Host; null: `rules` hold for the whole head.
  void restart(HeaderRules rules = {}, RulesByHost* by_host = nullptr);

  // `bytes` is all that has come since the message began, each time again from its first byte; it
  // may have moved in memory since the last call, and may hold more than the head.  Bytes seen
  // before are not parsed again.  Leading empty lines (CRLF) are skipped and counted in
  // head().size.
  Progress parse(std::string_view bytes);

  // Valid after `complete`, until the next restart, as long as the bytes last given to parse().
  [[nodiscard]] const RequestHead& head() const { return head_; }
  // The request is answered as if it had been a GET from here on.
  void become_get();
  // Valid after `invalid`.  400, 405 (CONNECT, TRACE), 414 is the caller's (it owns the limits),
  // 494 (too many header lines), 501 (an unknown transfer coding), 505 (not HTTP/1.x).
  [[nodiscard]] Refusal refusal() const { return refusal_; }
  // After `incomplete`: is the request line whole?
  [[nodiscard]] bool has_request_line() const { return lines_.has_first; }
  // Unless `complete`: the request line as far as it is known, for the log and for 414.
  [[nodiscard]] std::string_view line() const { return line_; }

 private:
  Progress refuse(Refusal refusal);
  Progress take_request_line();
  Progress take_field_line();
  void take_host(std::string_view host);
  Progress finish();
  Progress judge();

  HeaderRules rules_;
  RulesByHost* by_host_ = nullptr;  // until it was asked
  HeadLines lines_;
  RequestHead head_;
  Refusal refusal_;
  std::string_view bytes_;  // given to parse() last
  std::string_view line_;
  Progress progress_ = Progress::incomplete;
  Range method_name_, target_, authority_;  // within the request line
};

class AnswerParser {
 public:
  // `to` is the request's method: an answer to HEAD has no body, and CONNECT is not ours.
  void restart(Method to);
  Progress parse(std::string_view bytes);  // as RequestParser::parse
  [[nodiscard]] const AnswerHead& head() const { return head_; }
  [[nodiscard]] Refusal refusal() const { return refusal_; }

 private:
  Progress refuse(const char* reason);
  Progress take_status_line();
  Progress take_field_line();
  Progress finish();
  Progress frame();

  Method to_ = Method::get;
  HeadLines lines_;
  AnswerHead head_;
  Refusal refusal_;
  std::string_view bytes_;
  Progress progress_ = Progress::incomplete;
};

}  // namespace sluice::http
