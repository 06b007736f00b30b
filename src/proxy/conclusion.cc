// SPDX-License-Identifier: MIT
// The end of an exchange: what the connection may do next, and what the logs say.
#include "proxy/exchange.h"

#include "confparse/values.h"
#include "proxy/error_report.h"
#include "proxy/keep_alive.h"

namespace sluice::proxy {

ClientConnection Exchange::client_connection() {
  const confparse::CoreSettings& core = location_->settings->core;
  // Before the answer says whether the connection goes on, it must be known that it can.
  keep_alive_ = keep_alive_ && body_.finish() && !worker_.draining &&
                may_ask_again(parser_.head(), *facts_.connection, core, worker_.loop.steady_now());
  return {facts_.request != nullptr ? facts_.request->minor : std::uint8_t{1}, keep_alive_,
          core.keepalive_header};
}

std::uint64_t Exchange::value_of(const ByteCount& count) const {
  if (!count.text) {
    return count.constant;
  }
  std::string text;
  count.text->append_to(text, facts_);
  return confparse::parse_size(text).value_or(0);
}

// `limit_rate`, unless a peer wished for another one.
RateLimit Exchange::client_rate() const {
  const std::uint64_t rate = told_rate_ ? *told_rate_ : value_of(location_->limit_rate);
  return rate == 0 ? RateLimit{}
                   : RateLimit{rate, value_of(location_->limit_rate_after), facts_.began};
}

// In nginx's words; a warning, for a disk is slower than memory.
void Exchange::note_file(std::string_view what) {
  if (location_->error_log->takes(log::Level::warn)) {
    report_notice(*location_->error_log, log::Level::warn, what, facts_);
  }
}

void Exchange::note_sent(const Failure& failure) {
  const std::uint64_t head = reply_.interim() + answer_head_.size();
  facts_.bytes_sent = reply_.sent();
  facts_.body_bytes_sent = reply_.sent() > head ? reply_.sent() - head : 0;
  facts_.completed = !failure;
  if (failure.trouble == Trouble::client_timed_out && settings().reset_timedout_connection) {
    client_->reset_on_close();
  }
}

// Without a word, as a client deserves that took too long, or that `return 444` is for.
After Exchange::drop_client(std::uint16_t status) {
  if (settings().reset_timedout_connection) {
    client_->reset_on_close();
  }
  facts_.status = status;
  log_access();
  return After::abort;
}

After Exchange::after_answer() {
  if (!body_.finish()) {
    return After::linger;
  }
  return keep_alive_ ? After::keep : After::close;
}

AnswerFrame Exchange::frame(const BodyPlan& body) {
  return {body,   client_connection(), server_header(),
          date(), carried_.lines(),    carried_.caching_lines()};
}

std::string_view Exchange::server_header() const {
  return location_->settings->core.server_tokens == confparse::ServerTokens::off
             ? std::string_view{"sluice"}
             : std::string_view{"sluice/" SLUICE_VERSION};
}

std::string_view Exchange::date() {
  facts_.now = worker_.loop.system_now();
  return worker_.dates.http_date(std::chrono::system_clock::to_time_t(facts_.now));
}

void Exchange::log_failure(const Failure& failure, std::string_view peer) {
  report_failure(*location_->error_log, failure, facts_, peer);
}

void Exchange::log_access() {
  if (logged_) {
    return;
  }
  logged_ = true;
  facts_.sent_head = answer_head_;
  facts_.limit_rate = value_of(location_->limit_rate);
  facts_.body_length = body_.received();
  facts_.request_length = parser_.head().size + body_.taken();
  facts_.now = worker_.loop.system_now();
  facts_.steady_now = worker_.loop.steady_now();
  for (const AccessLog& log : location_->access_logs) {
    if (log.condition) {
      const std::string_view wanted = log.condition->expand(facts_, text_);
      if (wanted.empty() || wanted == "0") {
        continue;
      }
    }
    text_.clear();
    log.line->append_log_to(text_, facts_, log.escape);
    text_.push_back('\n');
    log.file->write(text_, log.buffering);
  }
}

}  // namespace sluice::proxy
