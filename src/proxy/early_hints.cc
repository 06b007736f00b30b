// SPDX-License-Identifier: MIT
// A peer's 103 on its way to the client, before anybody knows what the answer will be:
// `early_hints`.
#include "proxy/answer_head.h"
#include "proxy/exchange.h"

namespace sluice::proxy {

// Older clients take the first head for the answer (RFC 9110, section 15.2).
bool Exchange::may_get_hints() const {
  return !location_->early_hints.empty() && parser_.head().minor >= 1;
}

bool Exchange::wants_hints() const {
  std::string storage;
  for (const routing::Template& condition : location_->early_hints) {
    const std::string_view value = condition.expand(facts_, storage);
    if (!value.empty() && value != "0") {
      return true;
    }
  }
  return false;
}

net::Task<Failure> Exchange::pass_on_hints(const http::AnswerHead& head) {
  constexpr std::string_view kBegin = "HTTP/1.1 103 Early Hints\r\n";
  if (!wants_hints()) {
    co_return Failure{};
  }
  answer_head_.assign(kBegin);
  for (const http::Header& header : head.headers) {
    append_passed_header(answer_head_, header, head.status, *location_, facts_);
  }
  Failure failure;
  if (answer_head_.size() > kBegin.size()) {
    answer_head_.append("\r\n");
    std::array<iovec, 1> piece{net::piece_of(answer_head_)};
    failure = co_await reply_.send(piece);
    reply_.note_interim();
  }
  answer_head_.clear();
  if (failure.trouble == Trouble::client_timed_out) {
    failure.trouble = Trouble::client_gone;  // behind half a head there is no room for a 408
  } else if (location_->settings->transfer.ignore_client_abort) {
    failure = {};  // the peer shall finish all the same
  }
  co_return failure;
}

}  // namespace sluice::proxy
