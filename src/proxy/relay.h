// SPDX-License-Identifier: MIT
// The body of a peer's answer on its way to the client.
//
// As long as the client keeps up, no more is read from the peer than it has taken.  A client that
// falls behind does not hold the peer: with `proxy_buffering` the rest is read into a spool, and
// the peer is free when its answer has ended, whatever the client still has to take.
// A peer may answer while it is still sent the request's body (an echo); the upload goes on beside
// the answer then.
#pragma once

#include <array>
#include <string_view>

#include "http/body.h"
#include "http/ranges.h"
#include "proxy/answer_rules.h"
#include "proxy/attempt.h"
#include "proxy/heads.h"
#include "proxy/rate_limit.h"
#include "proxy/reply.h"
#include "proxy/spool.h"

namespace sluice::proxy {

struct RelayPlan {
  std::string_view head;  // goes out first, together with what of the body is already there
  BodyPlan body;
  net::Milliseconds read_timeout{60'000};
  RateLimit reading;    // proxy_limit_rate
  bool spools = false;  // proxy_buffering
  Spool::Limits spool;
  bool ignores_hang_up = false;           // proxy_ignore_client_abort
  const AnswerRules* trailers = nullptr;  // passed on by these rules; none: dropped
  const http::ByteRange* part = nullptr;  // of a body with a length: all that is passed on
};

// Told by a relay while it goes on.
class RelayNews {
 public:
  // The peer's answer has ended, or failed: nothing more is read from it.  Told once.
  virtual void peer_is_done() = 0;
  // The client is so slow that a file has to be used.
  virtual void file_is_used() = 0;
  // The file could not take more; the peer is held back instead.
  virtual void file_failed(std::error_code error) = 0;

 protected:
  ~RelayNews() = default;
};

class Relay {
 public:
  explicit Relay(net::ChunkPool& chunks) : spool_(chunks) {}

  // Without a failure the whole answer was passed on.
  net::Task<Failure> run(const RelayPlan& plan, Attempt& attempt, net::Loop& loop,
                         net::Stream& client, Reply& reply, RelayNews& news);

  // Of the answer behind its head, framing included: $upstream_response_length.
  [[nodiscard]] std::uint64_t body_bytes() const { return body_bytes_; }
  // From peer_is_done() on: may the peer's connection be used again?
  [[nodiscard]] bool peer_is_reusable() const { return peer_is_reusable_; }

 private:
  static constexpr std::size_t kMostPieces = 48;

  struct Waits;  // what a turn that moved nothing waits for

  void restart(const RelayPlan& plan, net::Loop& loop);
  bool fill();
  void gather();
  std::string_view last_chunk();
  std::string_view within_part(std::string_view piece);
  [[nodiscard]] bool is_part_over() const {
    return plan_->part != nullptr && content_seen_ >= plan_->part->end;
  }
  void spool_rest(RelayNews& news);
  bool take_from_pipe();
  bool send(Failure& failure);
  bool send_spooled(Failure& failure);
  bool read();
  [[nodiscard]] bool may_splice() const;
  net::Transfer splice();
  void end_of_peer(const Failure& trouble);
  [[nodiscard]] bool may_read() const;
  [[nodiscard]] bool is_read_throttled() const;
  [[nodiscard]] bool has_to_send() const {
    return !rest_.empty() || !pipe_.empty() || !spool_.empty();
  }
  void release();
  net::Task<Failure> wait(net::Interest upload);
  [[nodiscard]] Waits waits(net::Interest upload);
  [[nodiscard]] Failure overdue();
  void add(std::string_view bytes) { pieces_[count_++] = net::piece_of(bytes); }

  const RelayPlan* plan_ = nullptr;
  Attempt* attempt_ = nullptr;
  net::Loop* loop_ = nullptr;
  net::Stream* client_ = nullptr;
  Reply* reply_ = nullptr;

  http::BodyReader reader_;
  std::string trailers_;    // as received
  std::string last_chunk_;  // with those that are passed on
  std::array<iovec, kMostPieces> pieces_{};
  std::size_t count_ = 0;
  std::span<iovec> rest_;  // of pieces_: what the client has not taken yet
  std::array<std::array<char, 24>, kMostPieces / 3> size_lines_{};
  net::Pipe pipe_;  // what comes behind rest_
  net::Chunk from_pipe_;
  Spool spool_;
  bool spooling_ = false;  // the client has fallen behind
  bool used_file_ = false;

  std::uint64_t body_bytes_ = 0;
  std::uint64_t content_seen_ = 0;  // where a part of it is wanted
  std::uint64_t read_bytes_ = 0;    // for proxy_limit_rate
  std::uint64_t since_yield_ = 0;
  net::SteadyTime client_since_{};  // its last progress
  net::SteadyTime peer_since_{};
  Failure trouble_;  // the peer's; told when the client has got what came before
  bool leaves_body_ = false;
  bool peer_closed_ = false;
  bool peer_is_done_ = false;
  bool ended_ = false;  // the last chunk is among the pieces
  bool peer_is_reusable_ = false;
};

}  // namespace sluice::proxy
