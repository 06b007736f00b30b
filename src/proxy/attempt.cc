// SPDX-License-Identifier: MIT
#include "proxy/attempt.h"

#include <cstring>

#include "http/writer.h"
#include "net/connector.h"
#include "proxy/peer_head.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kCrlf = "\r\n";

std::chrono::milliseconds since(net::SteadyTime begin, net::SteadyTime now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - begin);
}

bool no_descriptor_was_left(const std::error_code& error) {
  return error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system;
}

// No peer is to blame when we are out of descriptors, memory or ports.
bool is_our_shortage(const std::error_code& error) {
  return no_descriptor_was_left(error) || error == std::errc::no_buffer_space ||
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
  if (may_be_kept && this->may_be_kept()) {
    take_kept_connection();
    if (connection_.stream) {
      is_kept_ = true;
      facts_->connect_time = std::chrono::milliseconds{0};
      co_return Failure{};
    }
  }
  if (!worker_.has_room_for(1)) {
    co_return Failure{Trouble::out_of_resources, {}};
  }
  const std::optional<LocalAddress>& local = request_.pass->local;
  const net::ConnectOptions options{request_.local ? &*request_.local : nullptr,
                                    local && local->transparent(),
                                    request_.settings->socket_keepalive};
  net::Connected connected = co_await net::connect(
      worker_.loop, peer_->address, request_.settings->connect_timeout, hang_up(), options);
  if (no_descriptor_was_left(connected.error) && worker_.close_idle()) {
    connected = co_await net::connect(worker_.loop, peer_->address,
                                      request_.settings->connect_timeout, hang_up(), options);
  }
  if (connected.error == net::Errc::timed_out) {
    co_return Failure{Trouble::connect_timed_out, connected.error};
  }
  if (connected.error == net::Errc::cancelled) {
    co_return Failure{Trouble::client_gone, connected.error};
  }
  if (connected.at_bind) {
    detail_ = "proxy_bind " + request_.local->text();
    co_return Failure{Trouble::bind_failed, connected.error, detail_};
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

// What may be sent only once is not sent where the peer has closed already.  The loop may not know
// that yet: it hears of the world once a round.
void Attempt::take_kept_connection() {
  upstream::IdlePool& pool = worker_.idle_pool(*request_.upstream);
  do {
    connection_ = pool.take(*peer_, place());
  } while (connection_.stream && !request_.is_repeatable && connection_.stream->has_news());
}

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

net::Transfer Attempt::read_more(std::uint64_t most) {
  if (!connection_.stream->may_be_readable()) {
    return {0, net::Errc::would_block};
  }
  if (!body_chunk_.taken()) {
    body_chunk_ = worker_.loop.chunks().take(net::ChunkPool::kBody);
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(body_chunk_.size(), most));
  const net::Transfer got = connection_.stream->read_now({body_chunk_.data(), size});
  begin_ = 0;
  end_ = got.bytes;
  facts_->bytes_received += got.bytes;
  return got;
}

net::Transfer Attempt::splice_more(net::Pipe& pipe, std::uint64_t most) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(net::PipePool::kCapacity, most));
  const net::Transfer got = connection_.stream->splice_into(pipe, size);
  facts_->bytes_received += got.bytes;
  return got;
}

// Names the largest header, its value never: that may be a secret.
Failure Attempt::head_too_big() {
  std::string_view rest{head_chunk_.data() + begin_, end_ - begin_};
  std::string_view largest;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    largest = line.size() > largest.size() ? line : largest;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  detail_ = "more than " + std::to_string(head_chunk_.size()) + " bytes";
  if (const auto colon = largest.find(':'); colon != largest.npos) {
    detail_.append(", \"").append(largest.substr(0, colon)).append("\" alone has ");
    detail_.append(std::to_string(largest.size()));
  }
  detail_.append("; see \"proxy_buffer_size\"");
  return {Trouble::head_too_big, {}, detail_};
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
      return {Progress::done, head_too_big()};
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
    const Step step = parse_head();
    if (step.failure || step.progress != Progress::wait_for_peer) {
      return step;
    }
  }
}

// Looks for a head in what has come.  wait_for_peer: it is not there whole.
Attempt::Step Attempt::parse_head() {
  for (;;) {
    const http::Progress progress = parser_.parse({head_chunk_.data() + begin_, end_ - begin_});
    if (progress == http::Progress::invalid) {
      return {Progress::done, {Trouble::invalid_head, {}, parser_.refusal().reason}};
    }
    if (progress == http::Progress::incomplete) {
      return {Progress::wait_for_peer, {}};
    }
    const std::uint16_t status = parser_.head().status;
    if (status == 101 && !asked_for_upgrade()) {
      return {Progress::done, {Trouble::invalid_head, {}}};
    }
    if (status >= 200 || status == 101) {
      begin_ += parser_.head().size;
      return {Progress::done, {}};
    }
    if (status == 103 && request_.interim != nullptr) {
      return {Progress::has_hints, {}};
    }
    // 100 Continue: the client has been told to go on by us already.
    if (!skip_interim()) {
      return {Progress::done, {Trouble::head_too_big, {}, "too many interim answers"}};
    }
  }
}

// The head that was found makes room for the next.  False: they are too many.
bool Attempt::skip_interim() {
  const std::size_t size = parser_.head().size;
  interim_size_ += size;
  parser_.restart(peer_method(*request_.facts, *request_.pass));
  std::memmove(head_chunk_.data(), head_chunk_.data() + begin_ + size, end_ - begin_ - size);
  end_ -= begin_ + size;
  begin_ = 0;
  return interim_size_ <= head_chunk_.size();
}

// Until something else has been received than hints.
net::Task<Failure> Attempt::pass_on_hints(Step& received) {
  while (received.progress == Progress::has_hints) {
    if (const Failure failure = co_await request_.interim->pass_on_hints(parser_.head())) {
      co_return failure;
    }
    if (!skip_interim()) {
      co_return Failure{Trouble::head_too_big, {}, "too many interim answers"};
    }
    received = parse_head();
    if (!received.failure && received.progress == Progress::wait_for_peer) {
      received = receive_now();
    }
  }
  co_return received.failure;
}

net::Task<Failure> Attempt::talk() {
  net::Stream& peer = *connection_.stream;
  net::Stream& client = *request_.client;
  const net::Interest gone = hang_up();
  for (;;) {
    const Step sent = send_now();
    if (sent.failure && verdict(sent.failure.trouble).side == Side::client) {
      co_return sent.failure;
    }
    // A peer that refuses an upload answers and closes: its answer may be there although our
    // writing failed.
    Step received = receive_now();
    if (received.progress == Progress::has_hints) {
      received.failure = co_await pass_on_hints(received);
    }
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
                                     peer.writable(), gone);
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
      woken = co_await net::wait_any(request_.settings->read_timeout, peer.readable(), gone);
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

// A connection from an address of one exchange's own is of no use to another.
bool Attempt::may_be_kept() const {
  return !request_.pass->local || !request_.pass->local->varies();
}

// The peer may switch protocols only if we told it that the client wants to.
bool Attempt::asked_for_upgrade() const {
  constexpr std::string_view kName = "upgrade:";
  const std::string_view head = head_;
  for (std::size_t line = head.find(kCrlf); line != std::string_view::npos;
       line = head.find(kCrlf, line + 2)) {
    if (http::same_token(head.substr(line + 2, kName.size()), kName)) {
      return true;
    }
  }
  return false;
}

// What says that the client has left; nothing where that is to be ignored.
net::Interest Attempt::hang_up() const {
  return request_.ignores_hang_up ? net::Interest{} : request_.client->hung_up();
}

// Who may use this connection again.  One from a configured address is of no use to a location that
// comes from another.
std::uint64_t Attempt::place() const {
  const bool is_local = request_.upstream->settings().keepalive_local || request_.pass->local;
  return is_local ? request_.pass->id : 0;
}

void Attempt::let_go(bool reusable) {
  body_chunk_.release();
  upload_.release();
  if (reusable && !worker_.draining && may_be_kept()) {
    worker_.idle_pool(*request_.upstream)
        .put(*peer_, std::move(connection_), worker_.loop.steady_now(), place());
  }
  connection_ = {};
}

void Attempt::abandon() {
  let_go(false);
  head_chunk_.release();
  begin_ = end_ = 0;
}

}  // namespace sluice::proxy
