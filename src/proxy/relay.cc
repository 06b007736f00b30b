// SPDX-License-Identifier: MIT
#include "proxy/relay.h"

#include <algorithm>
#include <cassert>

#include "http/writer.h"
#include "proxy/trailers.h"

namespace sluice::proxy {
namespace {

// A client that takes nothing for so long is slow; a shorter pause is not worth a copy.
constexpr net::Milliseconds kSlow{100};

// After so many bytes without waiting, others have a turn.
constexpr std::uint64_t kYieldAfter = 4 * 1024 * 1024;

net::Milliseconds left_until(net::SteadyTime when, net::SteadyTime now) {
  return std::max(std::chrono::ceil<net::Milliseconds>(when - now), net::Milliseconds{0});
}

}  // namespace

void Relay::restart(const RelayPlan& plan, net::Loop& loop) {
  plan_ = &plan;
  loop_ = &loop;
  // A body that the client did not ask for (HEAD, and `proxy_method`) stays where it is.
  const http::Framing& body = attempt_->head().body;
  leaves_body_ = plan.body.kind == BodyPlan::Kind::none && body.has_body();
  reader_.restart(leaves_body_ ? http::Framing{} : body);
  if (plan.trailers != nullptr) {
    trailers_.clear();
    reader_.keep_trailers(&trailers_);
  }
  count_ = 0;
  rest_ = {};
  spool_.restart(plan.spool);
  spooling_ = used_file_ = false;
  body_bytes_ = content_seen_ = read_bytes_ = since_yield_ = 0;
  client_since_ = peer_since_ = loop.steady_now();
  trouble_ = {};
  peer_closed_ = peer_is_done_ = ended_ = peer_is_reusable_ = false;
  add(plan.head);
}

net::Task<Failure> Relay::run(const RelayPlan& plan, Attempt& attempt, net::Loop& loop,
                              net::Stream& client, Reply& reply, RelayNews& news) {
  attempt_ = &attempt;
  client_ = &client;
  reply_ = &reply;
  restart(plan, loop);
  bool told = false;
  for (;;) {
    Failure failure;
    bool moved = fill();
    if (spooling_) {
      spool_rest(news);
    }
    moved = send(failure) || moved;
    if (failure) {
      release();
      co_return failure;
    }
    if (spool_.uses_file() && !used_file_) {
      used_file_ = true;
      news.file_is_used();
    }
    if (peer_is_done_ && rest_.empty() && !told) {
      told = true;
      news.peer_is_done();
    }
    if (told && !has_to_send()) {
      release();
      co_return trouble_;
    }
    if (may_read()) {
      moved = read() || moved;
    }
    if (!moved) {
      const net::Interest upload = peer_is_done_ ? net::Interest{} : attempt.go_on_sending(failure);
      if (!failure) {
        failure = co_await wait(upload);
      }
      if (failure) {
        release();
        co_return failure;
      }
    } else if (since_yield_ >= kYieldAfter) {
      since_yield_ = 0;
      co_await net::yield(loop);
    }
  }
}

void Relay::release() {
  pipe_.release();
  from_pipe_.release();
  spool_.release();
}

// Makes pieces for the client of what has come.  True: there are some.
bool Relay::fill() {
  if (!rest_.empty()) {
    return false;
  }
  if (!peer_is_done_) {
    gather();
  }
  rest_ = std::span(pieces_).first(count_);
  count_ = 0;
  if (!rest_.empty() && spool_.empty()) {
    client_since_ = loop_->steady_now();  // from now on it is the client that is waited for
  }
  return !rest_.empty();
}

// Turns what is unread into pieces, framed for the client; never more than fit.
void Relay::gather() {
  const bool chunked = plan_->body.kind == BodyPlan::Kind::chunked;
  std::size_t size_line = 0;
  while (!reader_.done() && !is_part_over() && !attempt_->unread().empty() &&
         count_ + 4 <= kMostPieces) {
    const http::BodyReader::Step step = reader_.take(attempt_->unread());
    attempt_->consume(step.consumed);
    body_bytes_ += step.consumed;
    if (step.invalid) {
      end_of_peer({Trouble::invalid_head, {}});
      return;
    }
    if (step.piece.empty()) {
      if (step.consumed == 0) {
        break;
      }
      continue;
    }
    if (chunked) {
      add(http::chunk_size_line(step.piece.size(), size_lines_[size_line++]));
      add(step.piece);
      add("\r\n");
    } else if (plan_->part == nullptr) {
      add(step.piece);
    } else if (const std::string_view piece = within_part(step.piece); !piece.empty()) {
      add(piece);
    }
  }
  if (reader_.done() || peer_closed_ || is_part_over()) {
    if (chunked && !ended_) {
      add(last_chunk());
      ended_ = true;
    }
    end_of_peer({});
  }
}

std::string_view Relay::within_part(std::string_view piece) {
  const std::uint64_t begin = content_seen_;
  content_seen_ += piece.size();
  since_yield_ += piece.size();
  const auto clamped = [&](std::uint64_t at) {
    return static_cast<std::size_t>(std::clamp(at, begin, content_seen_) - begin);
  };
  const std::size_t first = clamped(plan_->part->begin);
  return piece.substr(first, clamped(plan_->part->end) - first);
}

std::string_view Relay::last_chunk() {
  if (plan_->trailers == nullptr || trailers_.empty()) {
    return http::kLastChunk;
  }
  last_chunk_.assign("0\r\n");
  append_trailers(last_chunk_, trailers_, *plan_->trailers);
  return last_chunk_.append("\r\n");
}

void Relay::end_of_peer(const Failure& trouble) {
  trouble_ = trouble;
  peer_is_done_ = true;
  peer_is_reusable_ = !trouble && !peer_closed_ && reader_.done() && !leaves_body_ &&
                      attempt_->head().keep_alive && attempt_->unread().empty() &&
                      attempt_->request_was_sent_whole();
}

// The client has fallen behind: what it has not taken goes aside, as far as there is room.
void Relay::spool_rest(RelayNews& news) {
  while (spool_.has_room() && (!rest_.empty() || take_from_pipe())) {
    const iovec& piece = rest_.front();
    if (const std::error_code error =
            spool_.put({static_cast<const char*>(piece.iov_base), piece.iov_len})) {
      spool_.forgo_file();
      news.file_failed(error);
      return;
    }
    rest_ = rest_.subspan(1);
  }
}

// Makes a piece of what the pipe holds.  False: nothing.
bool Relay::take_from_pipe() {
  if (pipe_.empty()) {
    return false;
  }
  if (!from_pipe_.taken()) {
    from_pipe_ = loop_->chunks().take(net::ChunkPool::kBody);
  }
  std::error_code error;
  const std::size_t size = pipe_.read({from_pipe_.data(), from_pipe_.size()}, error);
  assert(!error);  // it is not empty
  pieces_[0] = net::piece_of({from_pipe_.data(), size});
  rest_ = std::span(pieces_).first(size > 0 ? 1 : 0);
  return !rest_.empty();
}

// Gives the client what it takes now.  True: something.
bool Relay::send(Failure& failure) {
  const std::uint64_t before = reply_->sent();
  if (!send_spooled(failure) && !failure && !rest_.empty()) {
    rest_ = reply_->send_now(rest_, failure);
  }
  if (!failure && rest_.empty() && spool_.empty() && !pipe_.empty()) {
    reply_->splice_now(pipe_, failure);
  }
  const bool moved = reply_->sent() > before;
  if (moved) {
    since_yield_ += reply_->sent() - before;
    client_since_ = loop_->steady_now();
  }
  return moved;
}

// True: there is still something in the spool.
bool Relay::send_spooled(Failure& failure) {
  while (!spool_.empty()) {
    std::error_code error;
    const std::string_view bytes = spool_.front(error);
    if (error) {
      failure = {Trouble::disk_failed, error};
      return true;
    }
    std::array<iovec, 1> piece{net::piece_of(bytes)};
    const std::uint64_t before = reply_->sent();
    const bool all = reply_->send_now(piece, failure).empty();
    spool_.drop(static_cast<std::size_t>(reply_->sent() - before));
    if (failure || !all) {
      return true;
    }
  }
  spooling_ = false;  // it has caught up
  return false;
}

bool Relay::may_read() const {
  return !peer_is_done_ && rest_.empty() && pipe_.empty() && attempt_->unread().empty() &&
         (!spooling_ || spool_.has_room()) && !is_read_throttled();
}

bool Relay::is_read_throttled() const {
  return plan_->reading.allowed(loop_->steady_now(), read_bytes_) == 0;
}

// Is so much still to come that nobody has to look at, for a client that keeps up?
bool Relay::may_splice() const {
  return plan_->body.kind == BodyPlan::Kind::length && plan_->part == nullptr && !plan_->reading &&
         !spooling_ && attempt_->head().body.kind == http::Framing::Kind::length &&
         reader_.remaining() >= net::kSpliceFrom && reply_->can_splice() &&
         attempt_->stream().can_splice();
}

net::Transfer Relay::splice() {
  const net::Transfer got = attempt_->splice_more(pipe_, reader_.remaining());
  reader_.skip(got.bytes);
  body_bytes_ += got.bytes;
  client_since_ = loop_->steady_now();  // from now on it is the client that is waited for
  return got;
}

// True: something came, be it the end.
bool Relay::read() {
  if (may_splice() && !pipe_.is_open()) {
    pipe_ = loop_->pipes().take();
  }
  const net::Transfer got =
      pipe_.is_open() && may_splice()
          ? splice()
          : attempt_->read_more(plan_->reading.allowed(loop_->steady_now(), read_bytes_));
  if (got.must_wait()) {
    return false;
  }
  peer_since_ = loop_->steady_now();
  read_bytes_ += got.bytes;
  if (!got.error) {
    return true;
  }
  if (got.error != net::Errc::end_of_stream) {
    end_of_peer({Trouble::read_failed, got.error});
  } else if (!reader_.close_completes()) {
    end_of_peer({Trouble::closed_early, got.error});
  } else {
    peer_closed_ = true;
  }
  return true;
}

struct Relay::Waits {
  net::Interest client;
  net::Interest peer;
  net::Interest upload;
  net::Milliseconds timeout = net::kForever;
};

Relay::Waits Relay::waits(net::Interest upload) {
  const net::SteadyTime now = loop_->steady_now();
  Waits result{client_->never(), {}, upload};
  if (has_to_send()) {
    result.client = reply_->awaited();
    result.timeout = reply_->is_throttled() ? reply_->patience()
                                            : left_until(client_since_ + reply_->patience(), now);
    if (plan_->spools && !spooling_ && !peer_is_done_) {
      result.timeout = std::min(result.timeout, left_until(client_since_ + kSlow, now));
    }
  } else if (upload.watch == nullptr && !plan_->ignores_hang_up) {
    result.client = client_->hung_up();
  }
  if (may_read()) {
    result.peer = attempt_->stream().readable();
    result.timeout = std::min(result.timeout, left_until(peer_since_ + plan_->read_timeout, now));
  } else if (!peer_is_done_ && is_read_throttled()) {
    result.timeout = std::min(result.timeout, plan_->reading.pause(now, read_bytes_));
    peer_since_ = now;  // it is not the peer that pauses
  }
  return result;
}

// Waits for the client to take more, for more of the answer, for the upload to go on, for the
// client to leave, or for time to pass.
net::Task<Failure> Relay::wait(net::Interest upload) {
  const Waits what = waits(upload);
  const net::Woken woken =
      co_await net::wait_any(what.timeout, what.client, what.peer, what.upload);
  if (woken.error == net::Errc::timed_out) {
    co_return overdue();
  }
  if (woken.error) {
    co_return Failure{Trouble::client_gone, woken.error};
  }
  if (woken.which == 0 && what.client.until == net::Until::hung_up) {
    co_return Failure{Trouble::client_gone, {}};
  }
  co_return Failure{};
}

// Time has passed: for whom?
Failure Relay::overdue() {
  const net::SteadyTime now = loop_->steady_now();
  if (has_to_send() && !reply_->is_throttled() && now >= client_since_ + reply_->patience()) {
    return {Trouble::client_timed_out, net::Errc::timed_out};
  }
  if (may_read() && now >= peer_since_ + plan_->read_timeout) {
    end_of_peer({Trouble::read_timed_out, net::Errc::timed_out});
  }
  if ((!rest_.empty() || !pipe_.empty()) && plan_->spools && now >= client_since_ + kSlow) {
    spooling_ = true;
  }
  return {};
}

}  // namespace sluice::proxy
