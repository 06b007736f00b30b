// SPDX-License-Identifier: MIT
// The part of Exchange that answers by itself: error pages, `return`, redirects.
#include "proxy/exchange.h"

#include "content/files.h"
#include "http/canned.h"
#include "http/uri.h"
#include "http/writer.h"
#include "proxy/origin.h"

namespace sluice::proxy {

net::Task<After> Exchange::fail(const Failure& failure) {
  const std::uint16_t status = verdict(failure.trouble).status;
  if (failure.trouble == Trouble::client_gone) {
    facts_.status = status;
    log_access();
    co_return After::abort;
  }
  if (failure.trouble == Trouble::client_timed_out && settings().reset_timedout_connection) {
    co_return drop_client(status);
  }
  if (verdict(failure.trouble).side == Side::client) {
    keep_alive_ = false;  // its framing is in doubt, or its rest will never come
  }
  co_return co_await answer(status);
}

// After these nginx does not trust what the client sends next (ngx_http_special_response_handler).
static bool ends_connection(std::uint16_t status) {
  switch (status) {
    case 400:
    case 413:
    case 414:
    case 495:
    case 496:
    case 497:
    case 500:
    case 501:
      return true;
    default:
      return false;
  }
}

net::Task<After> Exchange::answer(std::uint16_t status) {
  keep_alive_ = keep_alive_ && !ends_connection(status);
  // 494 to 497 are nginx's own names for kinds of 400: they choose the page.
  const std::uint16_t sent = status >= 494 && status <= 497 ? std::uint16_t{400} : status;
  const std::string_view page = http::canned_page(status, server_header());
  co_return co_await send_own({sent, page.empty() ? std::string_view{} : "text/html"}, page);
}

// By X-Accel-Redirect, or by the ending of the URI.
std::string_view Exchange::own_type() const {
  const std::string_view told = carried_.content_type();
  return told.empty() ? content::type_of(location_->settings->core, facts_.uri) : told;
}

// `return CODE [TEXT | URL]`.
net::Task<After> Exchange::answer_fixed(const FixedAnswer& fixed) {
  text_.clear();
  if (fixed.status == 444 || fixed.status == 499) {
    co_return drop_client(fixed.status);
  }
  if (fixed.text) {
    fixed.text->append_to(text_, facts_);
  } else if (fixed.status >= 400) {
    co_return co_await answer(fixed.status);
  }
  const bool redirects = fixed.status == 301 || fixed.status == 302 || fixed.status == 303 ||
                         fixed.status == 307 || fixed.status == 308;
  if (redirects) {
    co_return co_await redirect_client(fixed.status);
  }
  const std::string_view type = fixed.status == 204 ? std::string_view{} : own_type();
  co_return co_await send_own({fixed.status, type}, text_);
}

// To the same path with a slash behind it.
net::Task<After> Exchange::add_slash() {
  text_.clear();
  http::append_escaped_path(facts_.uri, text_);
  text_.append("/");
  if (!facts_.args.empty()) {
    text_.append("?").append(facts_.args);
  }
  co_return co_await redirect_client(301);
}

// text_ says where to.  A path is made absolute, as nginx does unless told not to.
net::Task<After> Exchange::redirect_client(std::uint16_t status) {
  http::escape_controls(text_, 0);
  const bool is_ours = text_.starts_with('/') && location_->settings->core.absolute_redirect;
  if (is_ours) {
    std::string origin;
    append_origin(origin, *location_->settings, facts_);
    text_.insert(0, origin);
  }
  co_return co_await send_own({.status = status,
                               .content_type = "text/html",
                               .location = text_,
                               .location_is_ours = is_ours},
                              http::canned_page(status, server_header()));
}

net::Task<After> Exchange::send_own(const OwnAnswer& own, std::string_view body) {
  facts_.status = own.status;
  const bool has_body = own.status != 204 && own.status != 304;
  const BodyPlan plan{has_body ? BodyPlan::Kind::length : BodyPlan::Kind::none, body.size()};
  answer_head_.clear();
  append_own_head(answer_head_, own, frame(plan), *location_, facts_);
  const bool head_only = parser_.head().method == http::Method::head;
  std::array<iovec, 2> pieces{net::piece_of(answer_head_), net::piece_of(body)};
  const std::size_t count = has_body && !head_only && !body.empty() ? 2 : 1;
  reply_.limit(client_rate());
  const Failure failure = co_await reply_.send(std::span(pieces).first(count));
  note_sent(failure);
  log_access();
  co_return failure ? After::abort : after_answer();
}

}  // namespace sluice::proxy
