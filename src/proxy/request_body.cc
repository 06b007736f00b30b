// SPDX-License-Identifier: MIT
#include "proxy/request_body.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sluice::proxy {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

TempFile::Name name_for(confparse::BodyInFile choice) {
  switch (choice) {
    case confparse::BodyInFile::on:
      return TempFile::Name::stays;
    case confparse::BodyInFile::clean:
      return TempFile::Name::until_closed;
    case confparse::BodyInFile::off:
      break;
  }
  return TempFile::Name::none;
}

}  // namespace

void RequestBody::restart(const http::Framing& framing, bool expects_continue, const Limits& limits,
                          ClientInput& input, net::Stream& client, net::ChunkPool& chunks) {
  framing_ = framing;
  limits_ = limits;
  input_ = &input;
  client_ = &client;
  chunks_ = &chunks;
  received_ = taken_ = kept_ = handed_out_ = 0;
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
  taken_ += consumed;
  if (step.invalid) {
    return {{}, {Trouble::bad_body, {}}};
  }
  received_ += step.piece.size();
  if (limits_.most > 0 && received_ > limits_.most) {
    return {{}, {Trouble::body_too_large, {}}};
  }
  return {step.piece, {}};
}

RequestBody::Piece RequestBody::next_from_client() {
  allow_client_to_send();
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

// The whole body has come, so that the chunk is free for a window of the file; but for bytes that
// were read too far, which the input gets back first.
RequestBody::Piece RequestBody::next_from_file() {
  if (chunk_begin_ < chunk_end_) {
    input_->adopt(std::move(chunk_), chunk_begin_, chunk_end_);
    chunk_begin_ = chunk_end_ = 0;
  }
  if (!chunk_.taken()) {
    chunk_ = chunks_->take(net::ChunkPool::kBody);
  }
  std::error_code error;
  const std::size_t size = file_.read(handed_out_, {chunk_.data(), chunk_.size()}, error);
  if (error || size == 0) {
    return {{}, {Trouble::disk_failed, error}};
  }
  handed_out_ += size;
  return {{chunk_.data(), size}, {}};
}

RequestBody::Piece RequestBody::next_now() {
  if (handed_out_ < kept_) {
    if (file_.is_open()) {
      return next_from_file();
    }
    return {take_beginning(), {}};
  }
  Piece piece = next_from_client();
  streamed_ = streamed_ || !piece.bytes.empty();
  return piece;
}

bool RequestBody::splices(std::uint64_t least) const {
  return framing_.kind == http::Framing::Kind::length && reader_.remaining() >= least &&
         handed_out_ == kept_ && input_->unread().empty() && chunk_begin_ == chunk_end_ &&
         client_->can_splice();
}

Failure RequestBody::splice_now(net::Pipe& pipe) {
  allow_client_to_send();
  const auto most = static_cast<std::size_t>(
      std::min<std::uint64_t>(reader_.remaining(), net::PipePool::kCapacity));
  const net::Transfer got = client_->splice_into(pipe, most);
  if (got.must_wait()) {
    return {};
  }
  if (got.error) {
    return {Trouble::client_gone, got.error};
  }
  reader_.skip(got.bytes);
  received_ += got.bytes;
  taken_ += got.bytes;
  streamed_ = true;
  return {};
}

std::string_view RequestBody::take_beginning() {
  if (file_.is_open()) {
    return {};
  }
  const std::string_view rest{memory_.data() + handed_out_,
                              static_cast<std::size_t>(kept_ - handed_out_)};
  handed_out_ = kept_;
  return rest;
}

std::string_view RequestBody::in_memory() const {
  if (!memory_.taken() || file_.is_open() || !is_complete() || kept_ != received_) {
    return {};
  }
  return {memory_.data(), static_cast<std::size_t>(kept_)};
}

Failure RequestBody::move_to_file(const confparse::TransferSettings& settings) {
  std::error_code error =
      file_.open(settings.client_body_temp_path.value, name_for(settings.body_in_file_only));
  if (!error && kept_ > 0) {
    error = file_.append({memory_.data(), static_cast<std::size_t>(kept_)});
  }
  memory_.release();
  return error ? Failure{Trouble::disk_failed, error} : Failure{};
}

Failure RequestBody::keep(std::string_view bytes, const confparse::TransferSettings& settings) {
  const bool only_file = settings.body_in_file_only != confparse::BodyInFile::off;
  if (!file_.is_open() && (only_file || kept_ + bytes.size() > settings.client_body_buffer_size)) {
    if (const Failure failure = move_to_file(settings)) {
      return failure;
    }
  }
  if (file_.is_open()) {
    if (const std::error_code error = file_.append(bytes)) {
      return {Trouble::disk_failed, error};
    }
  } else {
    if (!memory_.taken()) {
      const bool known = framing_.kind == http::Framing::Kind::length;
      memory_ = chunks_->take(static_cast<std::size_t>(
          known ? std::min(framing_.length, settings.client_body_buffer_size)
                : settings.client_body_buffer_size));
    }
    std::memcpy(memory_.data() + kept_, bytes.data(), bytes.size());
  }
  kept_ += bytes.size();
  return {};
}

net::Task<Failure> RequestBody::read_ahead(bool whole,
                                           const confparse::TransferSettings& settings) {
  while (!reader_.done()) {
    // What has come already is kept only as long as memory does.
    const std::size_t unread = input_->unread().size();
    if (!whole && (unread == 0 || kept_ + unread > settings.client_body_buffer_size)) {
      break;
    }
    const Piece piece = next_from_client();
    if (piece.failure) {
      co_return piece.failure;
    }
    if (!piece.bytes.empty()) {
      if (const Failure failure = keep(piece.bytes, settings)) {
        co_return failure;
      }
    } else if (!reader_.done()) {
      if (!whole) {
        break;
      }
      const std::error_code error = co_await net::wait(limits_.timeout, client_->readable());
      if (error) {
        co_return Failure{
            error == net::Errc::timed_out ? Trouble::client_timed_out : Trouble::client_gone,
            error};
      }
    }
  }
  co_return Failure{};
}

bool RequestBody::finish() {
  constexpr std::uint64_t kMostDropped = 256 * 1024;
  memory_.release();
  owes_continue_ = false;  // the answer has been decided without it
  // What of the body has already come is dropped; for the rest nobody waits.
  const std::uint64_t before = received_;
  while (!reader_.done() && received_ - before < kMostDropped) {
    const Piece piece = next_from_client();
    if (piece.failure || piece.bytes.empty()) {
      break;
    }
  }
  const bool complete = reader_.done();
  if (complete && chunk_begin_ < chunk_end_) {
    input_->adopt(std::move(chunk_), chunk_begin_, chunk_end_);
  }
  file_.close();
  kept_ = handed_out_ = 0;
  chunk_.release();
  chunk_begin_ = chunk_end_ = 0;
  return complete;
}

}  // namespace sluice::proxy
