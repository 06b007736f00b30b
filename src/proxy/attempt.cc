// SPDX-License-Identifier: MIT
#include "proxy/attempt.h"

#include "http/writer.h"
#include "net/connector.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kCrlf = "\r\n";

std::chrono::milliseconds since(net::SteadyTime begin, net::SteadyTime now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - begin);
}

// No peer is to blame when we are out of descriptors, memory or ports.
bool is_our_shortage(const std::error_code& error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system || error == std::errc::no_buffer_space ||
         error == std::errc::not_enough_memory || error == std::errc::address_not_available;
}

}  // namespace

net::Task<Failure> Attempt::run(const AttemptRequest& request, const upstream::Endpoint& peer,
                                routing::AttemptFacts& facts) {
  request_ = request;
  peer_ = &peer;
  facts_ = &facts;
  began_ = worker_.loop.steady_now();
  time_to_head_ = {};
  was_stale_ = false;
  request_was_sent_ = false;
  for (const bool may_be_kept : {true, false}) {
    Failure failure = co_await get_connection(may_be_kept);
    if (!failure) {
      begin_request();
      failure = co_await talk();
    }
    if (!failure) {
      time_to_head_ = worker_.loop.steady_now() - began_;
      facts.header_time = std::chrono::duration_cast<std::chrono::milliseconds>(time_to_head_);
      co_return failure;
    }
    // The peer closed a kept connection while our request was on its way.  That is nobody's
    // failure; nginx would count it against the peer.
    was_stale_ =
        is_kept_ && !answer_began_ &&
        (failure.trouble == Trouble::send_failed || failure.trouble == Trouble::closed_early ||
         failure.trouble == Trouble::read_failed);
    abandon();
    const bool may_be_sent_again =
        request_.body->can_be_sent_again() && (request_.is_repeatable || !request_was_sent_);
    if (!was_stale_ || !may_be_sent_again) {
      co_return failure;
    }
  }
  co_return Failure{Trouble::closed_early, {}};
}

net::Task<Failure> Attempt::get_connection(bool may_be_kept) {
  is_kept_ = false;
  if (may_be_kept) {
    connection_ = worker_.idle_pool(*request_.pass->upstream).take(*peer_);
    if (connection_.stream) {
      is_kept_ = true;
      facts_->connect_time = std::chrono::milliseconds{0};
      co_return Failure{};
    }
  }
  net::Connected connected = co_await net::connect(
      worker_.loop, peer_->address, request_.settings->connect_timeout, request_.client->hung_up());
  if (connected.error == net::Errc::timed_out) {
    co_return Failure{Trouble::connect_timed_out, connected.error};
  }
  if (connected.error == net::Errc::cancelled) {
    co_return Failure{Trouble::client_gone, connected.error};
  }
  if (is_our_shortage(connected.error)) {
    co_return Failure{Trouble::out_of_resources, connected.error};
  }
  if (connected.error) {
    co_return Failure{Trouble::connect_failed, connected.error};
  }
  facts_->connect_time = since(began_, worker_.loop.steady_now());
  connection_ = {std::move(connected.stream), 0, worker_.loop.steady_now()};
  co_return Failure{};
}

void Attempt::begin_request() {
  const RequestBody& body = *request_.body;
  BodyPlan plan;
  chunked_ = false;
  if (body.framing().kind == http::Framing::Kind::length) {
    plan = {BodyPlan::Kind::length, body.framing().length};
  } else if (body.present() && body.complete()) {
    plan = {BodyPlan::Kind::length, body.received()};
  } else if (body.present()) {
    plan = {BodyPlan::Kind::chunked, 0};
    chunked_ = true;
  }
  head_.clear();
  append_peer_head(head_, *request_.facts, *request_.pass, *request_.settings, plan);
  pieces_[0] = net::piece_of(head_);
  std::size_t count = 1;
  if (const std::string_view beginning = body.beginning(); !beginning.empty()) {
    if (chunked_) {
      pieces_[count++] = net::piece_of(http::chunk_size_line(beginning.size(), size_line_));
    }
    pieces_[count++] = net::piece_of(beginning);
    if (chunked_) {
      pieces_[count++] = net::piece_of(kCrlf);
    }
  }
  sending_ = std::span(pieces_).first(count);
  body_sent_ = !body.present() || body.complete();
  gave_up_sending_ = false;
  parser_.restart(request_.facts->request->method);
  begin_ = end_ = 0;
  answer_began_ = false;
  ++connection_.requests;
}

// Puts the next piece of the body into pieces_.  False: nothing is there now, or it failed.
bool Attempt::take_body_piece(Step& step) {
  const RequestBody::Piece piece = request_.body->next_now();
  if (piece.failure) {
    step.failure = piece.failure;
    return false;
  }
  std::size_t count = 0;
  if (!piece.bytes.empty()) {
    if (chunked_) {
      pieces_[count++] = net::piece_of(http::chunk_size_line(piece.bytes.size(), size_line_));
    }
    pieces_[count++] = net::piece_of(piece.bytes);
    if (chunked_) {
      pieces_[count++] = net::piece_of(kCrlf);
    }
  } else if (!request_.body->complete()) {
    step.progress = Progress::wait_for_client;
    return false;
  }
  if (request_.body->complete()) {
    body_sent_ = true;
    if (chunked_) {
      // The CRLF of the last piece and the last chunk may share an entry.
      if (count == 3) {
        --count;
        static constexpr std::string_view kEnd = "\r\n0\r\n\r\n";
        pieces_[count++] = net::piece_of(kEnd);
      } else {
        pieces_[count++] = net::piece_of(http::kLastChunk);
      }
    }
  }
  sending_ = std::span(pieces_).first(count);
  return true;
}

Attempt::Step Attempt::send_now() {
  Step step;
  for (;;) {
    while (!sending_.empty()) {
      const net::Transfer put = connection_.stream->write_now(sending_);
      if (put.must_wait()) {
        step.progress = Progress::wait_for_peer;
        return step;
      }
      if (put.error) {
        step.failure = {Trouble::send_failed, put.error};
        return step;
      }
      request_was_sent_ = true;
      facts_->bytes_sent += put.bytes;
      sending_ = net::drop_front(sending_, put.bytes);
    }
    if (body_sent_ || !take_body_piece(step)) {
      return step;
    }
  }
}

net::Interest Attempt::go_on_sending(Failure& failure) {
  if (gave_up_sending_ || request_was_sent_whole()) {
    return {};
  }
  const Step sent = send_now();
  if (sent.failure) {
    if (verdict(sent.failure.trouble).side == Side::client) {
      failure = sent.failure;
    }
    gave_up_sending_ = true;  // it has said what it thinks of the request
    return {};
  }
  switch (sent.progress) {
    case Progress::wait_for_peer:
      return connection_.stream->writable();
    case Progress::wait_for_client:
      return request_.client->readable();
    case Progress::done:
      break;
  }
  return {};
}

net::Transfer Attempt::read_more() {
  if (!connection_.stream->may_be_readable()) {
    return {0, net::Errc::would_block};
  }
  if (!body_chunk_.taken()) {
    body_chunk_ = worker_.loop.chunks().take(net::ChunkPool::kBody);
  }
  const net::Transfer got = connection_.stream->read_now({body_chunk_.data(), body_chunk_.size()});
  begin_ = 0;
  end_ = got.bytes;
  facts_->bytes_received += got.bytes;
  return got;
}

Attempt::Step Attempt::receive_now() {
  const std::size_t limit =
      std::max<std::size_t>(net::ChunkPool::kHead, request_.settings->buffer_size);
  for (;;) {
    if (!head_chunk_.taken()) {
      if (!connection_.stream->may_be_readable()) {
        return {Progress::wait_for_peer, {}};
      }
      head_chunk_ = worker_.loop.chunks().take(limit);
    }
    if (end_ == head_chunk_.size()) {
      return {Progress::done, {Trouble::head_too_big, {}}};
    }
    const net::Transfer got =
        connection_.stream->read_now({head_chunk_.data() + end_, head_chunk_.size() - end_});
    if (got.must_wait()) {
      return {Progress::wait_for_peer, {}};
    }
    if (got.error == net::Errc::end_of_stream) {
      return {Progress::done, {Trouble::closed_early, got.error}};
    }
    if (got.error) {
      return {Progress::done, {Trouble::read_failed, got.error}};
    }
    answer_began_ = true;
    end_ += got.bytes;
    facts_->bytes_received += got.bytes;
    for (;;) {
      const http::Progress progress = parser_.parse({head_chunk_.data() + begin_, end_ - begin_});
      if (progress == http::Progress::invalid) {
        return {Progress::done, {Trouble::invalid_head, {}}};
      }
      if (progress == http::Progress::incomplete) {
        break;
      }
      begin_ += parser_.head().size;
      if (parser_.head().status == 101) {
        return {Progress::done, {Trouble::invalid_head, {}}};  // nobody asked for an upgrade
      }
      if (parser_.head().status >= 200) {
        return {Progress::done, {}};
      }
      // 100 Continue and 103 Early Hints: the client has been told to go on by us already.
      parser_.restart(request_.facts->request->method);
    }
  }
}

net::Task<Failure> Attempt::talk() {
  net::Stream& peer = *connection_.stream;
  net::Stream& client = *request_.client;
  for (;;) {
    const Step sent = send_now();
    if (sent.failure && verdict(sent.failure.trouble).side == Side::client) {
      co_return sent.failure;
    }
    // A peer that refuses an upload answers and closes: its answer may be there although our
    // writing failed.
    const Step received = receive_now();
    if (received.failure) {
      co_return sent.failure ? sent.failure : received.failure;
    }
    if (received.progress == Progress::done) {
      co_return Failure{};
    }
    if (sent.failure) {
      co_return sent.failure;
    }

    net::Woken woken;
    if (sent.progress == Progress::wait_for_peer) {
      woken = co_await net::wait_any(request_.settings->send_timeout, peer.readable(),
                                     peer.writable(), client.hung_up());
      if (woken.error == net::Errc::timed_out) {
        co_return Failure{Trouble::send_timed_out, woken.error};
      }
    } else if (sent.progress == Progress::wait_for_client) {
      woken = co_await net::wait_any(request_.body->timeout(), peer.readable(), client.readable());
      if (woken.error == net::Errc::timed_out) {
        co_return Failure{Trouble::client_timed_out, woken.error};
      }
      woken.which = 0;  // what the client does is seen by reading
    } else {
      woken = co_await net::wait_any(request_.settings->read_timeout, peer.readable(),
                                     client.hung_up());
      if (woken.error == net::Errc::timed_out) {
        co_return Failure{Trouble::read_timed_out, woken.error};
      }
      woken.which *= 2;
    }
    if (woken.error || woken.which == 2) {
      co_return Failure{Trouble::client_gone, woken.error};
    }
  }
}

void Attempt::finish(bool reusable) {
  head_chunk_.release();
  body_chunk_.release();
  begin_ = end_ = 0;
  if (reusable && !worker_.draining) {
    worker_.idle_pool(*request_.pass->upstream)
        .put(*peer_, std::move(connection_), worker_.loop.steady_now());
  }
  connection_ = {};
}

void Attempt::abandon() {
  finish(false);
}

}  // namespace sluice::proxy
