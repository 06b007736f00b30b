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

// Waits until one of the two, at most, may be tried again: what the answer needs, or what the rest
// of the upload does (`upload` without a watch: there is none).
net::Task<std::error_code> Relay::wait_for(net::Milliseconds timeout, net::Interest answer,
                                           net::Interest upload) {
  if (upload.watch == nullptr) {
    const std::error_code error = co_await net::wait(timeout, answer);
    co_return error;
  }
  const net::Woken woken = co_await net::wait_any(timeout, answer, upload);
  co_return woken.error;
}

// Sends the pieces as the client takes them, and goes on with the upload meanwhile.
net::Task<Failure> Relay::send_pieces(Attempt& attempt, net::Stream& client, Reply& reply) {
  Failure failure;
  std::span<iovec> rest = reply.send_now(std::span(pieces_).first(count_), failure);
  while (!failure && !rest.empty()) {
    const net::Interest upload = attempt.go_on_sending(failure);
    if (failure) {
      break;
    }
    const std::error_code error = co_await wait_for(reply.timeout(), client.writable(), upload);
    if (error) {
      co_return Failure{
          error == net::Errc::timed_out ? Trouble::client_timed_out : Trouble::client_gone, error};
    }
    rest = reply.send_now(rest, failure);
  }
  count_ = 0;
  co_return failure;
}

// Waits for more of the answer, for the upload to go on, or for the client to leave.
net::Task<Failure> Relay::wait_for_more(Attempt& attempt, net::Stream& client,
                                        net::Milliseconds timeout) {
  Failure failure;
  const net::Interest upload = attempt.go_on_sending(failure);
  if (failure) {
    co_return failure;
  }
  std::error_code error;
  if (upload.watch == nullptr) {
    const net::Woken woken =
        co_await net::wait_any(timeout, attempt.stream().readable(), client.hung_up());
    if (!woken.error && woken.which == 1) {
      co_return Failure{Trouble::client_gone, {}};
    }
    error = woken.error;
  } else {
    error = co_await wait_for(timeout, attempt.stream().readable(), upload);
  }
  if (error) {
    co_return Failure{
        error == net::Errc::timed_out ? Trouble::read_timed_out : Trouble::client_gone, error};
  }
  co_return failure;
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
    if (count_ > 0) {
      const Failure sending = co_await send_pieces(attempt, client, reply);
      if (sending) {
        co_return sending;
      }
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
      failure = co_await wait_for_more(attempt, client, read_timeout);
      if (failure) {
        co_return failure;
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
        failure = co_await send_pieces(attempt, client, reply);
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
