// SPDX-License-Identifier: MIT
#include "proxy/request_body.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sluice::proxy {
namespace {

// nginx's client_body_buffer_size on 64-bit machines: a body up to this size can be sent again.
constexpr std::size_t kKeptForRetry = 16384;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void RequestBody::restart(const http::Framing& framing, bool expects_continue, const Limits& limits,
                          ClientInput& input, net::Stream& client, net::ChunkPool& chunks) {
  framing_ = framing;
  limits_ = limits;
  input_ = &input;
  client_ = &client;
  chunks_ = &chunks;
  received_ = 0;
  beginning_size_ = 0;
  streamed_ = false;
  owes_continue_ = expects_continue && framing.has_body();
  chunk_begin_ = chunk_end_ = 0;
  reader_.restart(framing);
}

void RequestBody::allow_client_to_send() {
  if (!owes_continue_) {
    return;
  }
  owes_continue_ = false;
  if (!input_->unread().empty()) {
    return;  // it has begun without waiting
  }
  // 25 bytes into an idle connection: if they do not fit, the client sends after its own timeout.
  const std::array<iovec, 1> piece{net::piece_of(kContinue)};
  client_->write_now(piece);
}

RequestBody::Piece RequestBody::take_from(std::string_view unread, std::size_t& consumed) {
  const http::BodyReader::Step step = reader_.take(unread);
  consumed = step.consumed;
  if (step.invalid) {
    return {{}, {Trouble::bad_body, {}}};
  }
  received_ += step.piece.size();
  if (limits_.most > 0 && received_ > limits_.most) {
    return {{}, {Trouble::body_too_large, {}}};
  }
  return {step.piece, {}};
}

RequestBody::Piece RequestBody::next_now() {
  allow_client_to_send();
  streamed_ = true;
  while (!reader_.done()) {
    std::size_t consumed = 0;
    if (const std::string_view unread = input_->unread(); !unread.empty()) {
      const Piece piece = take_from(unread, consumed);
      input_->consume(consumed);
      if (piece.failure || !piece.bytes.empty()) {
        return piece;
      }
      continue;
    }
    if (chunk_begin_ < chunk_end_) {
      const Piece piece =
          take_from({chunk_.data() + chunk_begin_, chunk_end_ - chunk_begin_}, consumed);
      chunk_begin_ += consumed;
      if (piece.failure || !piece.bytes.empty()) {
        return piece;
      }
      continue;
    }
    if (!client_->may_be_readable()) {
      return {};
    }
    if (!chunk_.taken()) {
      chunk_ = chunks_->take(net::ChunkPool::kBody);
    }
    // Never beyond a known length: what follows is the next request, and belongs to the input.
    std::size_t room = chunk_.size();
    if (framing_.kind == http::Framing::Kind::length) {
      room = static_cast<std::size_t>(std::min<std::uint64_t>(room, reader_.remaining()));
    }
    const net::Transfer got = client_->read_now({chunk_.data(), room});
    if (got.must_wait()) {
      chunk_begin_ = chunk_end_ = 0;
      return {};
    }
    if (got.error) {
      return {{}, {Trouble::client_gone, got.error}};
    }
    chunk_begin_ = 0;
    chunk_end_ = got.bytes;
  }
  return {};
}

net::Task<Failure> RequestBody::read_beginning() {
  if (!present()) {
    co_return Failure{};
  }
  const bool fits =
      framing_.kind == http::Framing::Kind::chunked || framing_.length <= kKeptForRetry;
  if (!fits) {
    co_return Failure{};
  }
  beginning_ = chunks_->take(kKeptForRetry);
  while (!reader_.done() && beginning_size_ < kKeptForRetry) {
    const Piece piece = next_now();
    if (piece.failure) {
      co_return piece.failure;
    }
    if (piece.bytes.empty()) {
      if (reader_.done()) {
        break;
      }
      const std::error_code error = co_await net::wait(limits_.timeout, client_->readable());
      if (error) {
        co_return Failure{
            error == net::Errc::timed_out ? Trouble::client_timed_out : Trouble::client_gone,
            error};
      }
      continue;
    }
    if (beginning_size_ + piece.bytes.size() > kKeptForRetry) {
      // Larger than can be kept: hand it out next time.  Its bytes are still in place, just behind.
      net::Chunk larger = chunks_->take(beginning_size_ + piece.bytes.size());
      std::memcpy(larger.data(), beginning_.data(), beginning_size_);
      beginning_ = std::move(larger);
    }
    std::memcpy(beginning_.data() + beginning_size_, piece.bytes.data(), piece.bytes.size());
    beginning_size_ += piece.bytes.size();
  }
  streamed_ = false;
  co_return Failure{};
}

bool RequestBody::finish() {
  constexpr std::uint64_t kMostDropped = 256 * 1024;
  beginning_.release();
  beginning_size_ = 0;
  owes_continue_ = false;  // the answer has been decided without it
  // What of the body has already come is dropped; for the rest nobody waits.
  const std::uint64_t before = received_;
  while (!reader_.done() && received_ - before < kMostDropped) {
    const Piece piece = next_now();
    if (piece.failure || piece.bytes.empty()) {
      break;
    }
  }
  const bool complete = reader_.done();
  if (complete && chunk_begin_ < chunk_end_) {
    input_->adopt(std::move(chunk_), chunk_begin_, chunk_end_);
  }
  chunk_.release();
  chunk_begin_ = chunk_end_ = 0;
  return complete;
}

}  // namespace sluice::proxy
