// SPDX-License-Identifier: MIT
// A peer's answer: the same lines and headers as a request, another first line, other framing.
// What is in doubt becomes a 502.
//
// TODO(nginx): nginx takes a bare LF as the end of a line, and small home-made servers do send
// that; refused here until somebody needs it.
#include <algorithm>

#include "http/characters.h"
#include "http/essentials.h"
#include "http/field_names.h"
#include "http/parser.h"

namespace sluice::http {

namespace {

// The first bytes of an answer, "HTTP/1.": tells at once when a peer speaks something else.
bool may_begin_answer(std::string_view line) {
  constexpr std::string_view kBegin = "HTTP/1.";
  const std::size_t size = std::min(line.size(), kBegin.size());
  return line.substr(0, size) == kBegin.substr(0, size);
}

constexpr std::size_t kVersion = 9;  // "HTTP/1.1 "

// "HTTP/1.1 200 OK".  The blank before the reason may be missing when the reason is, as RFC 9112
// does not allow but many peers do.
bool read_status_line(std::string_view line, AnswerHead& head) {
  if (line.size() < kVersion + 3 || !may_begin_answer(line)) return false;
  if (!is_digit(line[7]) || line[8] != ' ') return false;
  const std::string_view code = line.substr(kVersion, 3);
  if (!std::all_of(code.begin(), code.end(), is_digit) || code[0] == '0') return false;
  if (line.size() > kVersion + 3 && line[kVersion + 3] != ' ') return false;
  head.minor = line[7] == '0' ? 0 : 1;
  head.status =
      static_cast<std::uint16_t>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
  return true;
}

bool has_no_body(Method to, std::uint16_t status) {
  return to == Method::head || status < 200 || status == 204 || status == 304;
}

}  // namespace

void AnswerParser::restart(Method to) {
  to_ = to;
  lines_.restart();
  head_.clear();
  refusal_ = {};
  bytes_ = {};
  progress_ = Progress::incomplete;
}

Progress AnswerParser::refuse(const char* reason) {
  refusal_ = {502, reason};
  return progress_ = Progress::invalid;
}

Progress AnswerParser::parse(std::string_view bytes) {
  bytes_ = bytes;
  while (progress_ == Progress::incomplete) {
    const LineScanner::Found found = lines_.scanner.next(bytes);
    if (!lines_.has_first && !may_begin_answer(lines_.scanner.line().of(bytes))) {
      return refuse("upstream sent no valid HTTP/1.x header");
    }
    if (found == LineScanner::Found::nothing_yet) return Progress::incomplete;
    if (found == LineScanner::Found::bad_byte) return refuse("upstream sent invalid header");

    if (!lines_.has_first) {
      take_status_line();
    } else if (lines_.scanner.line().empty()) {
      finish();
    } else {
      take_field_line();
    }
  }
  return progress_;
}

Progress AnswerParser::take_status_line() {
  lines_.first = lines_.scanner.line();
  lines_.has_first = true;
  if (!read_status_line(lines_.first.of(bytes_), head_)) {
    return refuse("upstream sent no valid HTTP/1.x header");
  }
  return progress_;
}

// Underscores and the like are a peer's own business; a name that is no token is kept from the
// client, and the rest of the answer passes.
Progress AnswerParser::take_field_line() {
  FieldName name;
  const FieldLine kind = field_line(lines_.scanner.line().of(bytes_), name);
  if (kind == FieldLine::invalid) return refuse("upstream sent invalid header");
  if (kind != FieldLine::odd) lines_.take(name);
  return progress_;
}

Progress AnswerParser::finish() {
  head_.status_line = lines_.first.of(bytes_).substr(kVersion);
  head_.size = lines_.scanner.position();
  if (!lines_.read_into(head_.headers, bytes_)) return refuse("upstream sent invalid header");
  return frame();
}

// RFC 9112, section 6.3.  The framing is read even where there is no body: a HEAD or 304 may tell a
// length, but never a doubtful one.
Progress AnswerParser::frame() {
  const Essentials found = essentials_of(head_.headers);
  if (found.length.is_doubled) return refuse("upstream sent duplicate \"Content-Length\" header");
  if (found.coding.is_doubled)
    return refuse("upstream sent duplicate \"Transfer-Encoding\" header");
  if (found.length.is_there && found.coding.is_there) {
    return refuse(
        "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time");
  }
  head_.body = {Framing::Kind::until_close, 0};
  if (found.length.is_there) {
    const auto number = content_length(found.length.value);
    if (!number) return refuse("upstream sent invalid \"Content-Length\" header");
    head_.body = {Framing::Kind::length, *number};
  }
  if (found.coding.is_there) {
    const bool is_known = transfer_coding(found.coding.value) == Coding::chunked;
    if (!is_known || head_.minor == 0) return refuse("upstream sent unknown \"Transfer-Encoding\"");
    head_.body = {Framing::Kind::chunked, 0};
  }

  head_.keep_alive = found.allows_keep_alive(head_.minor);
  if (has_no_body(to_, head_.status)) {
    // A peer that announces content where there can be none may send it all the same.
    const bool could_have_one = to_ == Method::head || head_.status == 304;
    const bool announces = found.coding.is_there || head_.body.length > 0;
    if (!could_have_one && announces) head_.keep_alive = false;
    head_.body = {};
  }
  if (head_.body.kind == Framing::Kind::until_close) head_.keep_alive = false;
  if (head_.status == 101) head_.keep_alive = false;  // it speaks another protocol from here on
  return progress_ = Progress::complete;
}

}  // namespace sluice::http
