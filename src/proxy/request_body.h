// SPDX-License-Identifier: MIT
// The body of a client's request.
//
// With `proxy_request_buffering` it is read whole before a peer is asked, in memory as far as
// `client_body_buffer_size` goes and in a temporary file beyond: a slow client holds no peer, and
// the body can be sent again to the next one.  Without, it streams under back-pressure: never more
// than one chunk of it is in memory, and once its beginning is gone it cannot be sent again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "confparse/settings/transfer.h"
#include "http/body.h"
#include "net/chunks.h"
#include "net/stream.h"
#include "proxy/client_input.h"
#include "proxy/failure.h"
#include "proxy/temp_file.h"

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
  // Everything came from the client.
  [[nodiscard]] bool is_complete() const { return reader_.done(); }
  // Everything came, and was handed out.
  [[nodiscard]] bool is_taken() const { return reader_.done() && handed_out_ == kept_; }
  // All content so far: received.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  // The same with its framing, as it came from the client.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }
  // Nothing was handed out that is no longer here.
  [[nodiscard]] bool can_be_sent_again() const { return !streamed_; }
  [[nodiscard]] bool uses_file() const { return file_.is_open(); }
  [[nodiscard]] const std::string& file_path() const { return file_.path(); }
  // All of it, when it was read and is in memory; else empty.
  [[nodiscard]] std::string_view in_memory() const;

  // Reads the whole body (`whole`), or what of it has come already, and keeps it.
  net::Task<Failure> read_ahead(bool whole, const confparse::TransferSettings& settings);

  // For another attempt: hands out from the beginning again.
  void rewind() { handed_out_ = 0; }
  // What is kept in memory, handed out at one go; stays valid.
  std::string_view take_beginning();
  // The next piece, valid until the next call.  Empty without a failure: nothing is there now;
  // is_taken() or wait for the client.
  struct Piece {
    std::string_view bytes;
    Failure failure;
  };
  Piece next_now();
  // Is so much still to come from the client, that nobody has to look at?
  [[nodiscard]] bool splices(std::uint64_t least) const;
  // Instead of next_now(): more of it into `pipe`, which is open and empty, and stays empty when
  // nothing is there now.
  Failure splice_now(net::Pipe& pipe);

  // The exchange is over.  Gives back what was read too far.  False: the body was not read to its
  // end, so the connection cannot carry another request.
  bool finish();

  [[nodiscard]] net::Milliseconds timeout() const { return limits_.timeout; }

 private:
  Piece take_from(std::string_view unread, std::size_t& consumed);
  Piece next_from_client();
  Piece next_from_file();
  Failure keep(std::string_view bytes, const confparse::TransferSettings& settings);
  Failure move_to_file(const confparse::TransferSettings& settings);
  void allow_client_to_send();

  http::BodyReader reader_;
  http::Framing framing_;
  Limits limits_;
  ClientInput* input_ = nullptr;
  net::Stream* client_ = nullptr;
  net::ChunkPool* chunks_ = nullptr;

  net::Chunk memory_;  // what is kept; or in file_, all of it
  TempFile file_;
  std::uint64_t kept_ = 0;
  std::uint64_t handed_out_ = 0;  // of what is kept

  net::Chunk chunk_;  // bytes behind those of input_; or a window of the file
  std::size_t chunk_begin_ = 0;
  std::size_t chunk_end_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t taken_ = 0;
  bool streamed_ = false;
  bool owes_continue_ = false;
};

}  // namespace sluice::proxy
