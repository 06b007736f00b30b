// SPDX-License-Identifier: MIT
// One try at one peer: a connection, the request out, the answer's head in.
//
// Sending and receiving go on side by side, because a peer may answer before an upload has ended.
// Ordinary functions do what can be done now; the coroutine waits for whatever comes first.
#pragma once

#include <string>

#include "http/parser.h"
#include "net/stream.h"
#include "proxy/failure.h"
#include "proxy/heads.h"
#include "proxy/request_body.h"
#include "proxy/worker.h"
#include "upstream/idle_pool.h"

namespace sluice::proxy {

// Who passes 103 Early Hints on while an attempt goes on.
class InterimAnswers {
 public:
  // A failure ends the attempt.  `head` stays until the task has ended.
  virtual net::Task<Failure> pass_on_hints(const http::AnswerHead& head) = 0;

 protected:
  ~InterimAnswers() = default;
};

// What an attempt needs to know of its exchange.
struct AttemptRequest {
  const ProxyPass* pass = nullptr;
  const upstream::Upstream* upstream = nullptr;
  const confparse::ProxySettings* settings = nullptr;
  const routing::Facts* facts = nullptr;
  RequestBody* body = nullptr;
  net::Stream* client = nullptr;
  InterimAnswers* interim = nullptr;       // none: all of them are skipped
  std::optional<net::Address> local = {};  // proxy_bind: where to come from
  bool ignores_hang_up = false;            // proxy_ignore_client_abort
  bool is_repeatable = true;               // may it reach a peer twice? (RFC 9110, section 9.2.2)
};

class Attempt {
 public:
  explicit Attempt(Worker& worker) : worker_(worker) {}

  // Asks `peer`.  Without a failure, head() is the answer's and unread() begins its body.
  // A kept connection that turns out dead is replaced by a new one to the same peer.
  net::Task<Failure> run(const AttemptRequest& request, const upstream::Endpoint& peer,
                         routing::AttemptFacts& facts);

  [[nodiscard]] const http::AnswerHead& head() const { return parser_.head(); }
  [[nodiscard]] net::Stream& stream() const { return *connection_.stream; }
  // From the attempt's begin to the answer's head; zero before that.
  [[nodiscard]] net::SteadyTime::duration time_to_head() const { return time_to_head_; }
  // After a failure: a kept connection had been closed by the peer, and nothing came of asking.
  [[nodiscard]] bool was_stale() const { return was_stale_; }
  // Has any byte of the request been given to the peer?
  [[nodiscard]] bool request_was_sent() const { return request_was_sent_; }

  // Goes on with the request's body while the answer is passed on.  What to wait for before the
  // next call, or an interest without a watch: nothing more can be sent.
  net::Interest go_on_sending(Failure& failure);
  // The whole request, body included: else the connection cannot carry another one.
  [[nodiscard]] bool request_was_sent_whole() const {
    return body_sent_ && sending_.empty() && upload_.empty();
  }

  // The answer's bytes behind its head; the relay uses them up and reads on.
  [[nodiscard]] std::string_view unread() const {
    const net::Chunk& chunk = body_chunk_.taken() ? body_chunk_ : head_chunk_;
    return {chunk.data() + begin_, end_ - begin_};
  }
  void consume(std::size_t bytes) { begin_ += bytes; }
  // Reads more of the answer, `most` bytes at most; everything unread was consumed before.  The
  // head stays valid.
  net::Transfer read_more(std::uint64_t most);
  // The same through an open and empty pipe, without looking at the bytes.
  net::Transfer splice_more(net::Pipe& pipe, std::uint64_t most);

  // Nothing more is asked of the connection: it is kept when it is reusable.  The head stays valid.
  void let_go(bool reusable);
  // Forgets everything.
  void abandon();

 private:
  enum class Progress : std::uint8_t { done, wait_for_peer, wait_for_client, has_hints };
  struct Step {
    Progress progress = Progress::done;
    Failure failure;
  };

  bool take_kept_connection();
  net::Task<Failure> connect();
  net::Task<Failure> talk();
  [[nodiscard]] bool may_be_kept() const;
  void begin_request();
  Step send_now();
  bool take_body_piece(Step& step);
  bool splice_body(Step& step);
  Step write_now();
  [[nodiscard]] bool asked_for_upgrade() const;
  [[nodiscard]] net::Interest hang_up() const;
  [[nodiscard]] std::uint64_t place() const;
  Step receive_now();
  // proxy_buffer_size, and a page at least.
  [[nodiscard]] std::size_t most_of_head() const;
  Failure head_too_big(std::string_view head);
  Step parse_head();
  bool skip_interim();
  net::Task<Failure> pass_on_hints(Step& received);

  Worker& worker_;
  AttemptRequest request_;
  const upstream::Endpoint* peer_ = nullptr;
  routing::AttemptFacts* facts_ = nullptr;
  upstream::PeerConnection connection_;
  bool is_kept_ = false;
  bool was_stale_ = false;
  net::SteadyTime began_{};
  net::SteadyTime::duration time_to_head_{};

  std::string head_;               // the request's head
  std::string own_body_;           // proxy_set_body
  std::array<iovec, 4> pieces_{};  // what is being sent
  std::span<iovec> sending_;
  net::Pipe upload_;      // a large body behind them, as it came from the client
  bool chunked_ = false;  // the body travels chunked
  bool body_sent_ = false;
  bool request_was_sent_ = false;
  bool gave_up_sending_ = false;  // the peer takes no more of the body
  std::array<char, 24> size_line_{};

  http::AnswerParser parser_;
  std::string detail_;     // of the last failure
  net::Chunk head_chunk_;  // the head's views point here until finish()
  net::Chunk body_chunk_;  // taken once a body goes on behind the head's chunk
  std::size_t begin_ = 0;  // of what is unread in the later of the two
  std::size_t end_ = 0;
  std::size_t interim_size_ = 0;  // of the heads that were skipped
  bool answer_began_ = false;
};

}  // namespace sluice::proxy
