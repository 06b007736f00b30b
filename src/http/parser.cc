// SPDX-License-Identifier: MIT
// One pass finds the lines, refuses what no head may hold and tells names from values; at the end
// llhttp has a second look at the lines that frame the body.  However the head arrives, nothing
// depends on where it was cut.
#include "http/parser.h"

#include "http/essentials.h"
#include "http/field_names.h"
#include "http/request_line.h"
#include "http/uri.h"

namespace sluice::http {

namespace {

constexpr Refusal kBadRequest{400, "client sent invalid request"};
constexpr Refusal kBadMethod{400, "client sent invalid method"};
constexpr Refusal kBadHeader{400, "client sent invalid header line"};
constexpr Refusal kBadHost{400, "client sent invalid host header"};
constexpr Refusal kBadLength{400, "client sent invalid \"Content-Length\" header"};
constexpr Refusal kBadCoding{400, "client sent invalid \"Transfer-Encoding\" header"};

// By RFC 9112, section 6.3.  In doubt about the end of the body a request is refused, as the next
// bytes could be taken for another request by one side and for content by the other.
Refusal frame(const Essentials& found, std::uint8_t minor, Framing& body) {
  const Single& length = found.length;
  const Single& coding = found.coding;
  if (length.is_doubled) return kBadLength;
  if (coding.is_doubled) return kBadCoding;
  if (length.is_there && coding.is_there) {
    return {400,
            "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time"};
  }
  if (length.is_there) {
    const auto number = content_length(length.value);
    if (!number) return kBadLength;
    body = {Framing::Kind::length, *number};
  }
  if (coding.is_there) {
    if (minor == 0) return {400, "client sent HTTP/1.0 request with \"Transfer-Encoding\" header"};
    const Coding which = transfer_coding(coding.value);
    if (which == Coding::malformed) return kBadCoding;
    if (which == Coding::unknown) return {501, "client sent unknown \"Transfer-Encoding\""};
    body = {Framing::Kind::chunked, 0};
  }
  return {0, ""};
}

}  // namespace

void RequestParser::restart(HeaderRules rules, RulesByHost* by_host) {
  rules_ = rules;
  by_host_ = by_host;
  lines_.restart();
  head_.clear();
  refusal_ = {};
  bytes_ = line_ = {};
  progress_ = Progress::incomplete;
}

Progress RequestParser::refuse(Refusal refusal) {
  refusal_ = refusal;
  return progress_ = Progress::invalid;
}

Progress RequestParser::parse(std::string_view bytes) {
  bytes_ = bytes;
  if (lines_.has_first) line_ = lines_.first.of(bytes);
  while (progress_ == Progress::incomplete) {
    const LineScanner::Found found = lines_.scanner.next(bytes);
    if (!lines_.has_first) line_ = lines_.scanner.line().of(bytes);

    if (found != LineScanner::Found::line) {
      if (!lines_.has_first && !may_begin_request(line_)) return refuse(kBadMethod);
      if (found == LineScanner::Found::nothing_yet) return Progress::incomplete;
      return refuse(lines_.has_first ? kBadHeader : kBadRequest);
    }
    if (!lines_.has_first) {
      take_request_line();
    } else if (lines_.scanner.line().empty()) {
      finish();
    } else {
      take_field_line();
    }
  }
  return progress_;
}

Progress RequestParser::take_request_line() {
  if (line_.empty()) return progress_;  // RFC 9112, section 2.2: a robust server skips these
  lines_.first = lines_.scanner.line();
  lines_.has_first = true;

  RequestLine read;
  const Refusal refusal = read_request_line(line_, read);
  if (refusal.status != 0) return refuse(refusal);
  head_.method = read.method;
  head_.minor = read.minor;
  method_name_ = read.method_name;
  target_ = read.target;
  authority_ = read.authority;
  if (by_host_ != nullptr && !authority_.empty()) take_host(authority_.of(line_));
  return progress_;
}

void RequestParser::take_host(std::string_view host) {
  rules_ = by_host_->rules_for(host, lines_.scanner.position());
  by_host_ = nullptr;
}

Progress RequestParser::take_field_line() {
  if (++lines_.count > rules_.most_lines) {
    return refuse({494, "client sent too many header lines"});
  }
  bool is_taken = true;
  FieldName name;
  switch (field_line(lines_.scanner.line().of(bytes_), name)) {
    case FieldLine::plain:
      break;
    case FieldLine::underscore:
      is_taken = !rules_.ignore_invalid || rules_.underscores_in_names;
      break;
    case FieldLine::token:
      is_taken = !rules_.ignore_invalid;
      break;
    case FieldLine::odd:
      // nginx passes these on when told not to ignore them; no peer could read them by the RFC.
      if (!rules_.ignore_invalid) return refuse(kBadHeader);
      is_taken = false;
      break;
    case FieldLine::invalid:
      return refuse(kBadHeader);
  }
  if (!is_taken) return progress_;
  lines_.take(name);
  if (by_host_ != nullptr && name.id == HeaderId::host) {
    take_host(value_of(lines_.scanner.line().of(bytes_), name.size));
  }
  return progress_;
}

Progress RequestParser::finish() {
  head_.line = line_;
  head_.method_name = method_name_.of(line_);
  head_.target = target_.of(line_);
  head_.authority = authority_.of(line_);
  head_.size = lines_.scanner.position();
  if (!lines_.read_into(head_.headers, bytes_)) return refuse(kBadHeader);
  return judge();
}

void RequestParser::become_get() {
  head_.method = Method::get;
  head_.method_name = "GET";
}

// In nginx's order (ngx_http_process_request_header), so that the status agrees when several things
// are wrong.
Progress RequestParser::judge() {
  const Essentials found = essentials_of(head_.headers);
  head_.host = bare_host(head_.authority);
  if (!head_.authority.empty() && head_.host.empty()) {
    return refuse({400, "client sent invalid host in request line"});
  }
  if (found.host.is_doubled) return refuse({400, "client sent duplicate host header"});
  if (found.host.is_there) {
    const std::string_view host = bare_host(found.host.value);
    if (host.empty()) return refuse(kBadHost);
    if (head_.authority.empty()) head_.host = host;
  }
  if (!found.host.is_there && head_.minor >= 1) {
    return refuse({400, "client sent HTTP/1.1 request without \"Host\" header"});
  }
  const Refusal framing = frame(found, head_.minor, head_.body);
  if (framing.status != 0) return refuse(framing);
  if (head_.method == Method::connect) return refuse({405, "client sent CONNECT method"});
  if (head_.method == Method::trace) return refuse({405, "client sent TRACE method"});

  head_.keep_alive = found.allows_keep_alive(head_.minor);
  head_.expects_continue = head_.minor >= 1 && found.expects_continue;
  head_.wants_upgrade = head_.minor >= 1 && found.wants_upgrade();
  return progress_ = Progress::complete;
}

}  // namespace sluice::http
