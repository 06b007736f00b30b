// SPDX-License-Identifier: MIT
// The part of Exchange that knows when a request may be sent to the next peer.
#include "proxy/exchange.h"

namespace sluice::proxy {

// May this failed request be sent to the next peer?
bool Exchange::may_ask_next(const Failure& failure) const {
  const Verdict& what = verdict(failure.trouble);
  return what.word != nullptr && location_->settings->proxy.next_upstream.*what.word &&
         may_try_another();
}

// Is this status listed in `proxy_next_upstream`, and is there anybody else to ask?
bool Exchange::is_wanted_elsewhere(std::uint16_t status) const {
  const confparse::NextUpstream& words = location_->settings->proxy.next_upstream;
  const bool listed = (status == 500 && words.http_500) || (status == 502 && words.http_502) ||
                      (status == 503 && words.http_503) || (status == 504 && words.http_504) ||
                      (status == 403 && words.http_403) || (status == 404 && words.http_404) ||
                      (status == 429 && words.http_429);
  return listed && may_try_another();
}

// Whatever the reason: `proxy_next_upstream_tries`, `_timeout`, and what may be sent twice.
bool Exchange::may_try_another() const {
  const confparse::ProxySettings& settings = location_->settings->proxy;
  if (!upstream::Upstream::may_retry(tries_) || !body_.can_be_sent_again()) {
    return false;
  }
  if (settings.next_upstream_tries > 0 && attempts_.size() >= settings.next_upstream_tries) {
    return false;
  }
  if (settings.next_upstream_timeout.count() > 0 &&
      worker_.loop.steady_now() - asking_since_ >= settings.next_upstream_timeout) {
    return false;
  }
  return is_repeatable() || !attempt_.request_was_sent();
}

// POST, LOCK and PATCH may do something each time they reach a peer.
bool Exchange::is_repeatable() const {
  const http::Method method = parser_.head().method;
  return location_->settings->proxy.next_upstream.non_idempotent ||
         (method != http::Method::post && method != http::Method::lock &&
          method != http::Method::patch);
}

}  // namespace sluice::proxy
