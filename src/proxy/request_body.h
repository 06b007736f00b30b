// SPDX-License-Identifier: MIT
// The body of a client's request, pulled piece by piece as the peer takes it.
//
// A small body is read whole before a peer is asked (client_body_buffer_size in nginx), so that it
// can be sent again to the next one.  A larger one streams under back-pressure: never more than one
// chunk of it is in memory, and once its beginning is gone it cannot be sent again.
#pragma once

#include <cstdint>
#include <string_view>

#include "http/body.h"
#include "net/chunks.h"
#include "net/stream.h"
#include "proxy/client_input.h"
#include "proxy/failure.h"

namespace sluice::proxy {

class RequestBody {
 public:
  struct Limits {
    std::uint64_t most = 0;             // client_max_body_size; 0: none
    net::Milliseconds timeout{60'000};  // client_body_timeout
  };

  // `input` and `client` outlive the body.
  void restart(const http::Framing& framing, bool expects_continue, const Limits& limits,
               ClientInput& input, net::Stream& client, net::ChunkPool& chunks);

  [[nodiscard]] bool present() const { return framing_.has_body(); }
  [[nodiscard]] const http::Framing& framing() const { return framing_; }
  // Everything was taken from the client.
  [[nodiscard]] bool complete() const { return reader_.done(); }
  // All content so far: received.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  // Content was handed out that is no longer here.
  [[nodiscard]] bool can_be_sent_again() const { return !streamed_; }

  // Reads the body, or as much of it as is kept for sending again.
  net::Task<Failure> read_beginning();
  // What read_beginning() left here; the whole body if complete().
  [[nodiscard]] std::string_view beginning() const { return {beginning_.data(), beginning_size_}; }

  // The next piece behind the beginning, valid until the next call.  Empty without a failure:
  // nothing is there now; complete() or wait for the client.
  struct Piece {
    std::string_view bytes;
    Failure failure;
  };
  Piece next_now();

  // The exchange is over.  Gives back what was read too far.  False: the body was not read to its
  // end, so the connection cannot carry another request.
  bool finish();

  [[nodiscard]] net::Milliseconds timeout() const { return limits_.timeout; }

 private:
  Piece take_from(std::string_view unread, std::size_t& consumed);
  void allow_client_to_send();

  http::BodyReader reader_;
  http::Framing framing_;
  Limits limits_;
  ClientInput* input_ = nullptr;
  net::Stream* client_ = nullptr;
  net::ChunkPool* chunks_ = nullptr;
  net::Chunk beginning_;
  std::size_t beginning_size_ = 0;
  net::Chunk chunk_;  // bytes behind those of input_
  std::size_t chunk_begin_ = 0;
  std::size_t chunk_end_ = 0;
  std::uint64_t received_ = 0;
  bool streamed_ = false;
  bool owes_continue_ = false;
};

}  // namespace sluice::proxy
