// SPDX-License-Identifier: MIT
// The part of Exchange that answers with parts: which of them the client has asked for, of a file
// or, with `proxy_force_ranges`, of a peer's answer.
#include "http/canned.h"
#include "http/date.h"
#include "proxy/exchange.h"

namespace sluice::proxy {

using http::Asked;
using http::HeaderId;

// Of a content of this size.  What ranges_ holds counts only for Asked::parts.
Asked Exchange::choose_ranges(std::uint64_t size, std::uint64_t most,
                              const http::Validators& present) {
  const http::Headers& request = parser_.head().headers;
  const http::Header* range = request.find(HeaderId::range);
  if (range == nullptr) {
    return Asked::whole;
  }
  const http::Header* condition = request.find(HeaderId::if_range);
  if (condition != nullptr && !http::if_range_holds(condition->value, present)) {
    return Asked::whole;
  }
  return http::read_ranges(range->value, size, most, ranges_);
}

net::Task<After> Exchange::refuse_ranges(std::uint64_t size) {
  constexpr std::uint16_t kNotSatisfiable = 416;
  content_range_ = http::content_range(nullptr, size);
  co_return co_await send_own({.status = kNotSatisfiable,
                               .content_type = "text/html",
                               .ranges = {.content_range = content_range_}},
                              http::canned_page(kNotSatisfiable, server_header()));
}

// `proxy_force_ranges`: one part at most, as in nginx, of an answer whose length is known.  Changes
// the plan for the body to that of the part.
Asked Exchange::force_ranges(const http::AnswerHead& head, BodyPlan& plan, RangeHeaders& headers) {
  if (head.status != 200 || settings().max_ranges == 0U) {
    return Asked::whole;
  }
  if (head.body.kind != http::Framing::Kind::length || plan.kind != BodyPlan::Kind::length) {
    const bool is_head = parser_.head().method == http::Method::head;
    headers.accepts = is_head && head.headers.find(HeaderId::content_length) != nullptr;
    return Asked::whole;
  }
  const Asked asked =
      choose_ranges(plan.length, 1,
                    {head.headers.value(HeaderId::etag),
                     http::parse_http_date(head.headers.value(HeaderId::last_modified))});
  if (asked == Asked::whole) {
    headers.accepts = true;
  } else if (asked == Asked::parts) {
    facts_.status = 206;
    content_range_ = http::content_range(&ranges_.front(), plan.length);
    headers.content_range = content_range_;
    plan.length = ranges_.front().size();
  }
  return asked;
}

}  // namespace sluice::proxy
