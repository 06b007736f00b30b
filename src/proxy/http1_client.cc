// SPDX-License-Identifier: MIT
#include "proxy/http1_client.h"

#include <algorithm>
#include <array>

#include "net/tcp_info.h"
#include "proxy/client_input.h"
#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

routing::Endpoint endpoint_of(const net::Address& address) {
  routing::Endpoint endpoint;
  const std::string_view bytes = address.bytes();
  std::ranges::copy(bytes, endpoint.bytes.begin());  // a unix: socket has none
  endpoint.size = static_cast<std::uint8_t>(bytes.size());
  endpoint.port = address.port();
  return endpoint;
}

// Where the client reached us: known from the listen address unless that is a wildcard.
routing::Endpoint local_endpoint(const net::Stream& stream, const ListenPoint& point) {
  if (!point.bound.is_wildcard()) {
    return endpoint_of(point.bound);
  }
  sockaddr_storage local{};
  socklen_t size = sizeof local;
  if (::getsockname(stream.descriptor(), reinterpret_cast<sockaddr*>(&local), &size) != 0) {
    return endpoint_of(point.bound);
  }
  return endpoint_of({reinterpret_cast<sockaddr*>(&local), size});
}

// How reading a head went.  Neither complete nor with a reason: more bytes are needed.
struct HeadRead {
  bool complete = false;
  std::uint16_t status = 0;  // to refuse it with; 0: just close
  std::string_view reason;

  [[nodiscard]] bool is_decided() const { return complete || !reason.empty(); }
};

HeadRead verdict_of(HeadSize::Verdict size) {
  switch (size) {
    case HeadSize::Verdict::fits:
      return {true, 0, {}};
    case HeadSize::Verdict::request_line_too_long:
      return {false, 414, "client sent too long URI"};
    case HeadSize::Verdict::line_too_long:
      return {false, 494, "client sent too long header line"};
    case HeadSize::Verdict::too_large:
      return {false, 494, "client sent too large request"};
  }
  return {};
}

// How a connection ends; copied, for the generation may be gone by then.
struct Ending {
  confparse::LingeringClose lingering = confparse::LingeringClose::on;
  net::Milliseconds at_most{30'000};
  net::Milliseconds quiet{5'000};
};

class Http1Client final : private routing::TcpFactsSource {
 public:
  Http1Client(Worker& worker, std::unique_ptr<net::Stream> stream, const net::Address& remote,
              const ListenPoint& point)
      : worker_(worker), stream_(std::move(stream)), point_(point) {
    connection_.remote = endpoint_of(remote);
    connection_.local = local_endpoint(*stream_, point);
    connection_.number = worker.next_connection_number;
    worker.next_connection_number += worker.connection_number_step;
    connection_.tcp = this;
    connection_.began = worker.loop.steady_now();
    if (const Site* site = this->site()) {
      const confparse::ServerBlock& server = *site->first().block;
      idle_timeout_ = server.connection.client_header_timeout;
      if (!server.settings.core.tcp_nodelay) {
        stream_->collect_small_writes();
      }
    }
    ++worker.connections;
  }
  ~Http1Client() { worker_.note_closed(); }
  Http1Client(const Http1Client&) = delete;
  Http1Client& operator=(const Http1Client&) = delete;

  net::Task<void> serve();

 private:
  net::Task<std::error_code> wait_for_request(net::Milliseconds timeout);
  const Site* site();
  net::Task<After> serve_one();
  [[nodiscard]] std::optional<routing::TcpFacts> tcp_facts() const override;
  net::Task<HeadRead> read_rest_of_head(Exchange& exchange, HeadSize& size);
  HeadRead parse(Exchange& exchange, HeadSize& size);
  HeadRead make_room(Exchange& exchange, HeadSize& size);
  [[nodiscard]] bool lingers(After after);
  net::Task<void> close_politely();

  Worker& worker_;
  std::unique_ptr<net::Stream> stream_;
  const ListenPoint& point_;
  const Site* site_ = nullptr;  // of the generation after so many reloads
  std::optional<std::uint64_t> seen_reloads_;
  ClientInput input_;
  routing::ConnectionFacts connection_;
  net::Milliseconds idle_timeout_{60'000};
  Ending ending_;
};

net::Task<void> Http1Client::serve() {
  // Requests sent ahead may come without end, and their answers need no waiting.
  constexpr std::uint32_t kRequestsAtOnce = 16;
  for (;;) {
    const bool has_more = !input_.unread().empty() || stream_->may_be_readable();
    if (has_more && (connection_.requests + 1) % kRequestsAtOnce == 0) {
      co_await net::yield(worker_.loop);
    }
    connection_.pipelined = !input_.unread().empty();
    if (!connection_.pipelined) {
      const std::error_code error = co_await wait_for_request(idle_timeout_);
      if (error) {
        co_return;
      }
    }
    const After after = co_await serve_one();
    if (lingers(after)) {
      co_await close_politely();
    }
    if (after != After::keep) {
      co_return;
    }
    input_.next_message();
  }
}

std::optional<routing::TcpFacts> Http1Client::tcp_facts() const {
  const auto info = net::tcp_info(stream_->descriptor());
  if (!info) {
    return std::nullopt;
  }
  return routing::TcpFacts{info->rtt, info->rtt_variation, info->send_window, info->receive_space};
}

// Closing over unread bytes would reset the connection, and the answer with it.
bool Http1Client::lingers(After after) {
  const bool may_still_send =
      after == After::linger ||
      (after == After::close && (!input_.unread().empty() || stream_->may_be_readable()));
  switch (ending_.lingering) {
    case confparse::LingeringClose::off:
      return false;
    case confparse::LingeringClose::on:
      return may_still_send;
    case confparse::LingeringClose::always:
      return may_still_send || after == After::close;
  }
  return false;
}

// An idle connection: no buffer, no exchange.
net::Task<std::error_code> Http1Client::wait_for_request(net::Milliseconds timeout) {
  const net::Transfer got = input_.read_now(*stream_, worker_.loop.chunks());
  if (!got.must_wait()) {
    co_return got.error;
  }
  const bool is_new = connection_.requests == 0;
  if (worker_.draining && !is_new) {
    co_return net::Errc::cancelled;
  }
  const IdleClients::Mark idle{worker_.idle_clients, *stream_, worker_.loop.steady_now(), is_new};
  for (;;) {
    const std::error_code error = co_await net::wait(timeout, stream_->readable());
    if (error && (!worker_.draining || worker_.loop.stopping())) {
      co_return error;
    }
    // Called off by drain(): what came at the last moment is answered all the same.
    const net::Transfer more = input_.read_now(*stream_, worker_.loop.chunks());
    if (!more.must_wait()) {
      co_return more.error;
    }
    if (error) {
      co_return error;
    }
  }
}

// Of the newest generation; null when a reload took this listen address away.
const Site* Http1Client::site() {
  if (seen_reloads_ != worker_.reloads) {
    seen_reloads_ = worker_.reloads;
    site_ = worker_.generation->site(point_.configured);
  }
  return site_;
}

net::Task<After> Http1Client::serve_one() {
  const Site* site = this->site();
  if (site == nullptr) {
    co_return After::close;
  }
  ++connection_.requests;
  std::unique_ptr<Exchange> exchange = worker_.take_exchange();
  exchange->begin(worker_.generation, *site, *stream_, input_, connection_);

  HeadSize size;
  HeadRead head = parse(*exchange, size);
  if (!head.is_decided()) {
    head = co_await read_rest_of_head(*exchange, size);
  }
  After after = After::abort;
  if (head.complete) {
    after = co_await exchange->run();
    idle_timeout_ = exchange->settings().keepalive_timeout;
  } else if (!head.reason.empty()) {
    after = co_await exchange->refuse(head.status, head.reason);
  }
  const confparse::CoreSettings& settings = exchange->settings();
  ending_ = {settings.lingering_close, settings.lingering_time, settings.lingering_timeout};
  exchange->end();
  worker_.give_back(std::move(exchange));
  co_return after;
}

net::Task<HeadRead> Http1Client::read_rest_of_head(Exchange& exchange, HeadSize& size) {
  const net::Milliseconds limit = exchange.site().first().block->connection.client_header_timeout;
  const net::SteadyTime until = worker_.loop.steady_now() + limit;  // for the whole head
  for (;;) {
    const net::Transfer got = input_.read_now(*stream_, worker_.loop.chunks());
    if (got.must_wait()) {
      const auto left =
          std::chrono::duration_cast<net::Milliseconds>(until - worker_.loop.steady_now());
      const std::error_code error =
          co_await net::wait(std::max(left, net::Milliseconds{0}), stream_->readable());
      if (error == net::Errc::timed_out) {
        co_return HeadRead{false, 408, "client timed out while reading client request headers"};
      }
      if (error) {
        co_return HeadRead{};
      }
    } else if (got.error) {
      co_return HeadRead{false, 0,
                         "client prematurely closed connection while reading request headers"};
    } else if (const HeadRead result = parse(exchange, size); result.is_decided()) {
      co_return result;
    }
  }
}

HeadRead Http1Client::parse(Exchange& exchange, HeadSize& size) {
  switch (exchange.parser().parse(input_.unread())) {
    case http::Progress::complete: {
      const http::RequestHead& head = exchange.parser().head();
      const HeadRead verdict =
          verdict_of(size.check(input_.unread().substr(0, head.size), exchange.head_rules()));
      if (verdict.complete) {
        input_.consume(head.size);
      }
      return verdict;
    }
    case http::Progress::invalid:
      return {false, exchange.parser().refusal().status, exchange.parser().refusal().reason};
    case http::Progress::incomplete:
      return make_room(exchange, size);
  }
  return {};
}

// The head is not complete: may it grow?  If the buffer is full, it does too.
HeadRead Http1Client::make_room(Exchange& exchange, HeadSize& size) {
  const std::string_view come = input_.unread();
  const HeadRead verdict = verdict_of(size.check(come, exchange.head_rules()));
  if (!verdict.complete) {
    return verdict;
  }
  if (input_.full()) {
    input_.grow(worker_.loop.chunks(), come.size() * 2);
    exchange.parser().parse(input_.unread());  // what it has seen lies elsewhere now
  }
  return {};
}

// Closing a socket with unread bytes resets it, and the client may lose our answer: say that we
// are done, then read on for a while (nginx's lingering_close).
net::Task<void> Http1Client::close_politely() {
  const net::SteadyTime until = worker_.loop.steady_now() + ending_.at_most;
  stream_->shut_down_sending();
  const IdleClients::Mark mark{worker_.lingering_clients, *stream_, worker_.loop.steady_now()};
  std::array<char, 4096> dropped{};
  input_.release();
  constexpr int kReadsAtOnce = 64;
  for (int reads = 1; worker_.loop.steady_now() < until; ++reads) {
    const net::Transfer got = stream_->read_now(dropped);
    if (reads % kReadsAtOnce == 0 && !got.error) {
      co_await net::yield(worker_.loop);  // it may flood us
    } else if (got.must_wait()) {
      const std::error_code error = co_await net::wait(ending_.quiet, stream_->readable());
      if (error) {
        co_return;
      }
    } else if (got.error) {
      co_return;
    }
  }
}

}  // namespace

net::Task<void> serve_http1(Worker& worker, std::unique_ptr<net::Stream> stream,
                            net::Address remote, const ListenPoint& point) {
  Http1Client client{worker, std::move(stream), remote, point};
  co_await client.serve();
}

}  // namespace sluice::proxy
