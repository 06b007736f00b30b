// SPDX-License-Identifier: MIT
#include "proxy/relay.h"

#include "http/writer.h"

namespace sluice::proxy {

// Turns what is unread into pieces, framed for the client; never more than fit.
Failure Relay::gather(Attempt& attempt, bool chunked) {
  std::size_t size_line = 0;
  while (!reader_.done() && !attempt.unread().empty() && count_ + 4 <= kMostPieces) {
    const http::BodyReader::Step step = reader_.take(attempt.unread());
    attempt.consume(step.consumed);
    if (step.invalid) {
      return {Trouble::invalid_head, {}};
    }
    if (step.piece.empty()) {
      if (step.consumed == 0) {
        break;
      }
      continue;
    }
    content_bytes_ += step.piece.size();
    if (chunked) {
      add(http::chunk_size_line(step.piece.size(), size_lines_[size_line++]));
      add(step.piece);
      add("\r\n");
    } else {
      add(step.piece);
    }
  }
  if (reader_.done() && chunked && !ended_) {
    add(http::kLastChunk);
    ended_ = true;
  }
  return {};
}

net::Task<Failure> Relay::run(Attempt& attempt, std::string_view head, const BodyPlan& plan,
                              net::Milliseconds read_timeout, net::Stream& client, Reply& reply) {
  const bool chunked = plan.kind == BodyPlan::Kind::chunked;
  reader_.restart(attempt.head().body);
  content_bytes_ = 0;
  ended_ = false;
  peer_is_reusable_ = false;
  count_ = 0;
  add(head);
  Failure failure;
  bool peer_closed = false;
  for (;;) {
    failure = gather(attempt, chunked);
    // What came before the trouble is passed on, as nginx does.
    std::span<iovec> rest{pieces_.data(), count_};
    if (count_ > 0) {
      Failure sending;
      rest = reply.send_now(rest, sending);
      if (!sending && !rest.empty()) {
        sending = co_await reply.send_rest(rest);
      }
      if (sending) {
        co_return sending;
      }
      count_ = 0;
    }
    if (failure) {
      co_return failure;
    }
    if (reader_.done()) {
      break;
    }
    if (!attempt.unread().empty()) {
      continue;  // more chunks than pieces
    }
    const net::Transfer got = attempt.read_more();
    if (got.must_wait()) {
      const net::Woken woken =
          co_await net::wait_any(read_timeout, attempt.stream().readable(), client.hung_up());
      if (woken.error == net::Errc::timed_out) {
        co_return Failure{Trouble::read_timed_out, woken.error};
      }
      if (woken.error || woken.which == 1) {
        co_return Failure{Trouble::client_gone, woken.error};
      }
      continue;
    }
    if (got.error == net::Errc::end_of_stream) {
      if (!reader_.close_completes()) {
        co_return Failure{Trouble::closed_early, got.error};
      }
      peer_closed = true;
      if (chunked) {
        add(http::kLastChunk);
        failure = co_await reply.send(std::span(pieces_).first(count_));
      }
      break;
    }
    if (got.error) {
      co_return Failure{Trouble::read_failed, got.error};
    }
  }
  peer_is_reusable_ = !peer_closed && attempt.head().keep_alive && attempt.unread().empty() &&
                      attempt.request_was_sent_whole();
  co_return failure;
}

}  // namespace sluice::proxy
