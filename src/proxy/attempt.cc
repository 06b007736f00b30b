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
    Failure failure;
    if (!(may_be_kept && take_kept_connection())) {
      failure = co_await connect();
    }
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

net::Task<Failure> Attempt::connect() {
  is_kept_ = false;
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
// that yet: it hears of the world once a round.  False: there is none.
bool Attempt::take_kept_connection() {
  is_kept_ = false;
  if (may_be_kept()) {
    upstream::IdlePool& pool = worker_.idle_pool(*request_.upstream);
    do {
      connection_ = pool.take(*peer_, place());
    } while (connection_.stream && !request_.is_repeatable && connection_.stream->has_news());
    is_kept_ = connection_.stream != nullptr;
  }
  if (is_kept_) {
    facts_->connect_time = std::chrono::milliseconds{0};
  }
  return is_kept_;
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
