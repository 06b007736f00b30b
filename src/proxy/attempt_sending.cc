// SPDX-License-Identifier: MIT
// An attempt's request on its way to the peer: the head, then the body as the client sends it.
#include "http/writer.h"
#include "proxy/attempt.h"
#include "proxy/peer_head.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kCrlf = "\r\n";

}  // namespace

void Attempt::begin_request() {
  RequestBody& body = *request_.body;
  body.rewind();
  BodyPlan plan;
  chunked_ = false;
  const ProxyPass& pass = *request_.pass;
  std::string_view beginning = pass.passes_body ? body.take_beginning() : std::string_view{};
  if (pass.body) {
    beginning = pass.body->expand(*request_.facts, own_body_);
    plan = {BodyPlan::Kind::length, beginning.size()};
  } else if (!pass.passes_body) {
    plan = {};
  } else if (body.framing().kind == http::Framing::Kind::length) {
    plan = {BodyPlan::Kind::length, body.framing().length};
  } else if (body.present() && body.is_complete()) {
    plan = {BodyPlan::Kind::length, body.received()};
  } else if (body.present()) {
    plan = {BodyPlan::Kind::chunked, 0};
    chunked_ = true;
  }
  head_.clear();
  append_peer_head(head_, *request_.facts, pass, *request_.settings, plan);
  pieces_[0] = net::piece_of(head_);
  std::size_t count = 1;
  if (!beginning.empty()) {
    if (chunked_) {
      pieces_[count++] = net::piece_of(http::chunk_size_line(beginning.size(), size_line_));
    }
    pieces_[count++] = net::piece_of(beginning);
    if (chunked_) {
      pieces_[count++] = net::piece_of(kCrlf);
    }
  }
  sending_ = std::span(pieces_).first(count);
  body_sent_ = !pass.passes_body || !body.present() || (!chunked_ && body.is_taken());
  gave_up_sending_ = false;
  parser_.restart(peer_method(*request_.facts, pass));
  begin_ = end_ = interim_size_ = 0;
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
  } else if (!request_.body->is_taken()) {
    step.progress = Progress::wait_for_client;
    return false;
  }
  if (request_.body->is_taken()) {
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

// Puts more of a body that needs no looking at into the pipe.  False: as above.
bool Attempt::splice_body(Step& step) {
  if (!upload_.is_open()) {
    upload_ = worker_.loop.pipes().take();
    if (!upload_.is_open()) {
      return take_body_piece(step);
    }
  }
  step.failure = request_.body->splice_now(upload_);
  if (step.failure) {
    return false;
  }
  if (upload_.empty()) {
    step.progress = Progress::wait_for_client;
    return false;
  }
  body_sent_ = request_.body->is_taken();
  return true;
}

// Gives the peer what was put together for it.  done: all of it.
Attempt::Step Attempt::write_now() {
  while (!sending_.empty() || !upload_.empty()) {
    const net::Transfer put = sending_.empty() ? connection_.stream->splice_from(upload_)
                                               : connection_.stream->write_now(sending_);
    if (put.must_wait()) {
      return {Progress::wait_for_peer, {}};
    }
    if (put.error) {
      return {Progress::done, {Trouble::send_failed, put.error}};
    }
    request_was_sent_ = true;
    facts_->bytes_sent += put.bytes;
    if (!sending_.empty()) {
      sending_ = net::drop_front(sending_, put.bytes);
    }
  }
  return {};
}

Attempt::Step Attempt::send_now() {
  for (;;) {
    Step step = write_now();
    if (step.failure || step.progress != Progress::done || body_sent_) {
      return step;
    }
    const bool splices =
        !chunked_ && connection_.stream->can_splice() && request_.body->splices(net::kSpliceFrom);
    if (!(splices ? splice_body(step) : take_body_piece(step))) {
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
    case Progress::has_hints:
    case Progress::done:
      break;
  }
  return {};
}

}  // namespace sluice::proxy
