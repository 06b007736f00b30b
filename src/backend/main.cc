// SPDX-License-Identifier: MIT
// sluice-backend: the server behind the proxy in demos, tests and benchmarks.
#include <csignal>
#include <cstdio>
#include <deque>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "backend/connection.h"
#include "backend/listen.h"
#include "backend/options.h"

namespace sluice::backend {
namespace {

namespace asio = boost::asio;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, Executor>;

Task<void> serve(Socket socket, const Listener& listener, const Faults& faults) {
  Connection connection(std::move(socket), listener, faults);
  co_await connection.run();
}

// Each thread waits at its own copy of the listening socket; whoever comes first serves.
Task<void> accept_all(Acceptor acceptor, const Listener& listener, const Faults& faults) {
  while (true) {
    auto [error, socket] = co_await acceptor.async_accept(kAwait);
    if (error) continue;
    boost::system::error_code ignored;
    if (listener.family != AF_UNIX) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto executor = acceptor.get_executor();
    asio::co_spawn(executor, serve(std::move(socket), listener, faults), asio::detached);
  }
}

void run_thread(const std::deque<Listener>& listeners, const Faults& faults) {
  asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
  for (const Listener& listener : listeners) {
    const asio::generic::stream_protocol protocol(listener.family, 0);
    Acceptor acceptor(context.get_executor(), protocol, ::dup(listener.socket));
    asio::co_spawn(context, accept_all(std::move(acceptor), listener, faults), asio::detached);
  }
  context.run();
}

// As many connections as the system lets us have: a benchmark opens thousands.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// At once: nothing here is worth keeping.
void end(int) {
  ::_exit(0);
}

int run(const Options& options) {
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, end);
  std::signal(SIGINT, end);

  std::deque<Listener> listeners;
  for (const auto& where : options.listens) {
    listeners.push_back(open_listener(where, options.name));
  }
  for (const Listener& listener : listeners) {
    std::printf("listening on %s\n", listener.address.c_str());
  }
  std::fflush(stdout);

  std::vector<std::thread> others;
  for (unsigned i = 1; i < options.threads; ++i) {
    others.emplace_back([&] { run_thread(listeners, options.faults); });
  }
  run_thread(listeners, options.faults);
  for (auto& thread : others) thread.join();
  return 0;
}

}  // namespace
}  // namespace sluice::backend

int main(int count, char** words) {
  return sluice::backend::run(sluice::backend::parse_options(count, words));
}
