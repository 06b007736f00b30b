// SPDX-License-Identifier: MIT
// One whole exchange: a client's request through the proxy to a peer and back, all three on one
// loop in one thread, over unix: sockets; and how often the heap was asked for memory meanwhile.
//
//   ninja -C build bench/exchange_bench
//
// The time is that of all three and of the kernel between them, and the client and the peer are as
// simple as can be.  Their connections are kept, so nothing but the exchange is counted.
#include <benchmark/benchmark.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "balancers/strategies.h"
#include "confparse/load.h"
#include "net/listener.h"
#include "net/socket.h"
#include "proxy/generation.h"
#include "proxy/http1_client.h"
#include "proxy/worker.h"
#include "tests/balancers/allocations.h"

namespace sluice::proxy {
namespace {

constexpr std::string_view kRequest =
    "GET /index.html HTTP/1.1\r\nHost: example.com\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n";

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "exchange_bench: %s\n", what);
  std::exit(1);
}

// One attempt or as many as it takes.
net::Task<bool> write_all(net::Stream& stream, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::array<iovec, 1> piece{net::piece_of(bytes)};
    const net::Transfer put = stream.write_now(piece);
    if (put.must_wait()) {
      const std::error_code error = co_await net::wait(net::kForever, stream.writable());
      if (error) co_return false;
      continue;
    }
    if (put.error) co_return false;
    bytes.remove_prefix(put.bytes);
  }
  co_return true;
}

net::Task<std::size_t> read_some(net::Stream& stream, std::span<char> into) {
  while (true) {
    const net::Transfer got = stream.read_now(into);
    if (!got.must_wait()) co_return got.bytes;
    const std::error_code error = co_await net::wait(net::kForever, stream.readable());
    if (error) co_return 0;
  }
}

// Answers whatever ends in an empty line, until its connection ends.
net::Task<void> serve_as_peer(std::unique_ptr<net::Stream> stream, const std::string& answer) {
  std::array<char, 4096> buffer;
  std::size_t size = 0;
  while (true) {
    const std::size_t count = co_await read_some(*stream, std::span(buffer).subspan(size));
    if (count == 0) co_return;
    size += count;
    if (!std::string_view(buffer.data(), size).ends_with("\r\n\r\n")) continue;
    size = 0;
    const bool sent = co_await write_all(*stream, answer);
    if (!sent) co_return;
  }
}

std::shared_ptr<const Generation> make_generation(const std::string& peer) {
  const std::map<std::string, std::string> files{
      {"/bench.conf",
       "events { } http { access_log off; keepalive_requests 1000000000; "
       "upstream app { server " +
           peer +
           "; keepalive 4; keepalive_requests 1000000000; } "
           "server { listen 127.0.0.1:8080; location / { proxy_pass http://app; "
           "proxy_http_version 1.1; proxy_set_header Connection \"\"; } } }"}};
  confparse::LoadRequest request;
  request.path = "/bench.conf";
  request.files = &files;
  const confparse::Loaded loaded = confparse::load(request);
  const auto log = std::make_shared<log::ErrorLog>(std::vector<log::ErrorLog::Target>{});
  return std::make_shared<Generation>(loaded.settings, Generation::Surroundings{nullptr, log});
}

class Journey {
 public:
  explicit Journey(std::size_t body) {
    std::string folder = "/tmp/exchange_bench.XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) fail("mkdtemp");
    folder_ = folder;
    std::string address = "unix:" + folder_ + "/peer";
    answer_ =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body) +
        "\r\n\r\n" + std::string(body, 'x');
    net::Address bound = *net::Address::parse(address);
    net::OpenedListeners opened = net::open_listeners(bound, 1, {});
    if (opened.error) fail(opened.step);
    listener_ = std::make_unique<net::Listener>(
        worker_.loop, std::move(opened.sockets[0]),
        [this](std::unique_ptr<net::Stream> stream, const net::Address&) {
          net::spawn(serve_as_peer(std::move(stream), answer_));
        },
        [](std::error_code) { return false; });
    worker_.generation = make_generation(address);
    point_.configured = "127.0.0.1:8080";
    point_.bound = *net::Address::parse(point_.configured);
  }
  ~Journey() { std::filesystem::remove_all(folder_); }

  void run(benchmark::State& state) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      fail("socketpair");
    }
    auto client = std::make_unique<net::Socket>(worker_.loop, net::Descriptor{ends[0]},
                                                net::Socket::State::connected);
    auto served = std::make_unique<net::Socket>(worker_.loop, net::Descriptor{ends[1]},
                                                net::Socket::State::connected);
    ++worker_.connections;
    net::spawn(serve_http1(worker_, std::move(served), point_.bound, point_));
    net::spawn(ask(state, std::move(client)));
    worker_.loop.run();
    listener_.reset();
  }

 private:
  net::Task<void> ask(benchmark::State& state, std::unique_ptr<net::Stream> client) {
    for (int i = 0; i < 100; ++i) {  // warms every free list
      const bool answered = co_await ask_once(*client);
      if (!answered) fail("no answer");
    }
    const std::size_t before = balancers::allocations();
    while (state.KeepRunning()) {
      const bool answered = co_await ask_once(*client);
      if (!answered) fail("no answer");
    }
    const std::size_t allocations = balancers::allocations() - before;
    state.counters["allocations"] =
        static_cast<double>(allocations) / static_cast<double>(state.iterations());
    worker_.loop.stop();
  }

  net::Task<bool> ask_once(net::Stream& client) {
    const bool sent = co_await write_all(client, kRequest);
    if (!sent) co_return false;
    std::size_t received = 0;
    std::size_t wanted = 0;  // 0: the head has not come
    while (wanted == 0 || received < wanted) {
      const std::size_t count = co_await read_some(client, buffer_);
      if (count == 0) co_return false;
      if (wanted == 0) {
        const std::string_view head(buffer_.data(), count);
        if (!head.starts_with("HTTP/1.1 200 ")) co_return false;
        wanted = head.find("\r\n\r\n") + 4 + body_size();
      }
      received += count;
    }
    co_return received == wanted;
  }
  [[nodiscard]] std::size_t body_size() const {
    return answer_.size() - answer_.find("\r\n\r\n") - 4;
  }

  std::string folder_;
  std::string answer_;
  Worker worker_;
  ListenPoint point_;
  std::unique_ptr<net::Listener> listener_;
  std::array<char, 128 * 1024> buffer_{};
};

void exchange(benchmark::State& state) {
  Journey journey(static_cast<std::size_t>(state.range(0)));
  journey.run(state);
}
BENCHMARK(exchange)->Arg(20)->Arg(4096)->Arg(65'536);

}  // namespace
}  // namespace sluice::proxy

BENCHMARK_MAIN();
