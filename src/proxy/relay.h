// SPDX-License-Identifier: MIT
// The body of a peer's answer on its way to the client, under back-pressure: no more is read from
// the peer than the client has taken.  A peer may answer while it is still sent the request's body
// (an echo); the upload goes on beside the answer then.
#pragma once

#include <array>
#include <string_view>

#include "http/body.h"
#include "proxy/attempt.h"
#include "proxy/heads.h"
#include "proxy/reply.h"

namespace sluice::proxy {

class Relay {
 public:
  // `head` goes out first, together with what of the body is already there.
  // Without a failure the whole answer was passed on; attempt.stream() holds nothing unread.
  net::Task<Failure> run(Attempt& attempt, std::string_view head, const BodyPlan& plan,
                         net::Milliseconds read_timeout, net::Stream& client, Reply& reply);

  [[nodiscard]] std::uint64_t content_bytes() const { return content_bytes_; }
  // After a success: may the peer's connection be used again?
  [[nodiscard]] bool peer_is_reusable() const { return peer_is_reusable_; }

 private:
  static constexpr std::size_t kMostPieces = 48;

  Failure gather(Attempt& attempt, bool chunked);
  net::Task<Failure> send_pieces(Attempt& attempt, net::Stream& client, Reply& reply);
  net::Task<Failure> wait_for_more(Attempt& attempt, net::Stream& client,
                                   net::Milliseconds timeout);
  static net::Task<std::error_code> wait_for(net::Milliseconds timeout, net::Interest answer,
                                             net::Interest upload);
  void add(std::string_view bytes) { pieces_[count_++] = net::piece_of(bytes); }

  http::BodyReader reader_;
  std::array<iovec, kMostPieces> pieces_{};
  std::size_t count_ = 0;
  std::array<std::array<char, 24>, kMostPieces / 3> size_lines_{};
  std::uint64_t content_bytes_ = 0;
  bool ended_ = false;  // the last chunk is among the pieces
  bool peer_is_reusable_ = false;
};

}  // namespace sluice::proxy
