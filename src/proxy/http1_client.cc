// SPDX-License-Identifier: MIT
#include "proxy/http1_client.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "proxy/client_input.h"
#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

routing::Endpoint endpoint_of(const net::Address& address) {
  routing::Endpoint endpoint;
  const std::string_view bytes = address.bytes();
  std::memcpy(endpoint.bytes.data(), bytes.data(), bytes.size());
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
};

constexpr HeadRead kLineTooLong{false, 414, "client sent too long URI"};
constexpr HeadRead kHeadTooLarge{false, 400, "client sent too large request"};

// `client_header_buffer_size` and `large_client_header_buffers`: how long a line and a head may be.
struct HeadLimits {
  explicit HeadLimits(const Site& site) {
    const confparse::ConnectionSettings& rules = site.first().block->connection;
    line = std::max(rules.client_header_buffer_size, rules.large_header_buffer_size);
    head = std::max<std::uint64_t>(rules.client_header_buffer_size,
                                   rules.large_header_buffers * rules.large_header_buffer_size);
  }
  std::uint64_t line;
  std::uint64_t head;
};

// A head that was read at one go may still be larger than allowed.
HeadRead check_size(const http::RequestHead& head, const HeadLimits& limits) {
  if (head.line.size() > limits.line) {
    return kLineTooLong;
  }
  if (head.size > limits.head) {
    return kHeadTooLarge;
  }
  if (head.size > limits.line) {
    for (const http::Header& header : head.headers) {
      if (header.name.size() + header.value.size() > limits.line) {
        return {false, 400, "client sent too long header line"};
      }
    }
  }
  return {true, 0, {}};
}

class Http1Client {
 public:
  Http1Client(Worker& worker, std::unique_ptr<net::Stream> stream, const net::Address& remote,
              const ListenPoint& point)
      : worker_(worker), stream_(std::move(stream)), point_(point) {
    connection_.remote = endpoint_of(remote);
    connection_.local = local_endpoint(*stream_, point);
    connection_.number = worker.next_connection_number;
    worker.next_connection_number += worker.connection_number_step;
    if (const Site* site = worker.generation->site(point.configured)) {
      idle_timeout_ = site->first().block->connection.client_header_timeout;
    }
    ++worker.connections;
  }
  ~Http1Client() { worker_.note_closed(); }
  Http1Client(const Http1Client&) = delete;
  Http1Client& operator=(const Http1Client&) = delete;

  net::Task<void> serve();

 private:
  net::Task<std::error_code> wait_for_request(net::Milliseconds timeout);
  net::Task<After> serve_one();
  net::Task<HeadRead> read_head(Exchange& exchange);
  HeadRead parse(Exchange& exchange);
  HeadRead make_room(Exchange& exchange);
  net::Task<void> close_politely();

  Worker& worker_;
  std::unique_ptr<net::Stream> stream_;
  const ListenPoint& point_;
  ClientInput input_;
  routing::ConnectionFacts connection_;
  net::Milliseconds idle_timeout_{60'000};
};

net::Task<void> Http1Client::serve() {
  for (;;) {
    if (input_.unread().empty()) {
      const std::error_code error = co_await wait_for_request(idle_timeout_);
      if (error) {
        co_return;
      }
    }
    const After after = co_await serve_one();
    // Closing over unread bytes would reset the connection, and the answer with it.
    const bool more_came = !input_.unread().empty() || stream_->may_be_readable();
    if (after == After::linger || (after == After::close && more_came)) {
      co_await close_politely();
    }
    if (after != After::keep) {
      co_return;
    }
    input_.next_message();
  }
}

// An idle connection: no buffer, no exchange.
net::Task<std::error_code> Http1Client::wait_for_request(net::Milliseconds timeout) {
  if (worker_.draining) {
    co_return net::Errc::cancelled;
  }
  const net::Transfer got = input_.read_now(*stream_, worker_.loop.chunks());
  if (!got.must_wait()) {
    co_return got.error;
  }
  const IdleClients::Mark idle{worker_.idle_clients, *stream_};
  for (;;) {
    const std::error_code error = co_await net::wait(timeout, stream_->readable());
    if (error) {
      co_return error;
    }
    const net::Transfer more = input_.read_now(*stream_, worker_.loop.chunks());
    if (!more.must_wait()) {
      co_return more.error;
    }
  }
}

net::Task<After> Http1Client::serve_one() {
  const std::shared_ptr<const Generation> generation = worker_.generation;
  const Site* site = generation->site(point_.configured);
  if (site == nullptr) {
    co_return After::close;  // a reload took this listen address away
  }
  ++connection_.requests;
  std::unique_ptr<Exchange> exchange = worker_.take_exchange();
  exchange->begin(generation, *site, *stream_, input_, connection_);

  const HeadRead head = co_await read_head(*exchange);
  After after = After::abort;
  if (head.complete) {
    after = co_await exchange->run();
    idle_timeout_ = exchange->keepalive_timeout();
  } else if (!head.reason.empty()) {
    after = co_await exchange->refuse(head.status, head.reason);
  }
  exchange->end();
  worker_.give_back(std::move(exchange));
  co_return after;
}

net::Task<HeadRead> Http1Client::read_head(Exchange& exchange) {
  const net::Milliseconds limit = exchange.site().first().block->connection.client_header_timeout;
  const net::SteadyTime until = worker_.loop.steady_now() + limit;  // for the whole head
  for (;;) {
    const HeadRead result = parse(exchange);
    if (result.complete || !result.reason.empty()) {
      co_return result;
    }
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
    }
  }
}

HeadRead Http1Client::parse(Exchange& exchange) {
  switch (exchange.parser().parse(input_.unread())) {
    case http::Progress::complete: {
      const http::RequestHead& head = exchange.parser().head();
      const HeadRead verdict = check_size(head, HeadLimits{exchange.site()});
      if (verdict.complete) {
        input_.consume(head.size);
      }
      return verdict;
    }
    case http::Progress::invalid:
      return {false, exchange.parser().refusal().status, exchange.parser().refusal().reason};
    case http::Progress::incomplete:
      return input_.full() ? make_room(exchange) : HeadRead{};
  }
  return {};
}

// The buffer is full and the head not complete: larger, as far as allowed.
HeadRead Http1Client::make_room(Exchange& exchange) {
  const HeadLimits limits{exchange.site()};
  const std::size_t size = input_.unread().size();
  if (size >= limits.line && !exchange.parser().has_request_line()) {
    return kLineTooLong;
  }
  if (size >= limits.head) {
    return kHeadTooLarge;
  }
  input_.grow(worker_.loop.chunks(), size * 2);
  exchange.parser().parse(input_.unread());  // what it has seen lies elsewhere now
  return {};
}

// Closing a socket with unread bytes resets it, and the client may lose our answer: say that we
// are done, then read on for a while (nginx's lingering_close).
net::Task<void> Http1Client::close_politely() {
  constexpr net::Milliseconds kAtMost{30'000};
  constexpr net::Milliseconds kQuiet{5'000};
  const net::SteadyTime until = worker_.loop.steady_now() + kAtMost;
  stream_->shut_down_sending();
  std::array<char, 4096> dropped{};
  input_.release();
  while (worker_.loop.steady_now() < until) {
    const net::Transfer got = stream_->read_now(dropped);
    if (got.must_wait()) {
      const std::error_code error = co_await net::wait(kQuiet, stream_->readable());
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
