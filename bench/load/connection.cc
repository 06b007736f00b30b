// SPDX-License-Identifier: MIT
#include "bench/load/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::load {
namespace {

constexpr std::uint64_t kPiece = 1024 * 1024;  // of a body, in the file it is sent from
constexpr std::uint64_t kChunk = 64 * 1024;    // of a body in chunks

// Received bytes; one thread, and nothing of it is kept from one read to the next.
std::array<char, 256 * 1024> buffer;

int file_of(const std::string& bytes) {
  const int file = ::memfd_create("upload", MFD_CLOEXEC);
  if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    std::perror("sluice-load: memfd");
    std::exit(1);
  }
  return file;
}

}  // namespace

Message::Message(const Options& options) {
  std::array<char, INET_ADDRSTRLEN> host{};
  ::inet_ntop(AF_INET, &options.address.sin_addr, host.data(), host.size());
  const bool uploads = options.upload > 0;
  head_ = std::string(uploads ? "POST " : "GET ") + options.path +
          " HTTP/1.1\r\nHost: " + host.data() + ":" +
          std::to_string(ntohs(options.address.sin_port)) + "\r\nUser-Agent: sluice-load\r\n";
  if (!options.keep_alive) head_ += "Connection: close\r\n";
  std::string piece;
  if (uploads && options.upload_chunked) {
    head_ += "Transfer-Encoding: chunked\r\n";
    std::array<char, 24> line{};
    std::snprintf(line.data(), line.size(), "%llx\r\n", static_cast<unsigned long long>(kChunk));
    piece = line.data() + std::string(kChunk, 'x') + "\r\n";
    const std::uint64_t rest = options.upload % kChunk;
    if (rest > 0) {
      std::snprintf(line.data(), line.size(), "%llx\r\n", static_cast<unsigned long long>(rest));
      end_ = line.data() + std::string(rest, 'x') + "\r\n";
    }
    end_ += "0\r\n\r\n";
    body_size_ = options.upload / kChunk * piece.size() + end_.size();
  } else if (uploads) {
    head_ += "Content-Length: " + std::to_string(options.upload) + "\r\n";
    piece = std::string(std::min(kPiece, options.upload), 'x');
    body_size_ = options.upload;
  }
  head_ += "\r\n";
  if (!uploads) return;
  period_ = piece.size();
  file_ = file_of(piece);
}

ssize_t Message::send_body(int socket, std::uint64_t offset) const {
  const std::uint64_t whole = body_size_ - end_.size();
  if (offset >= whole) {
    const std::string_view rest = std::string_view(end_).substr(offset - whole);
    return ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
  }
  auto start = static_cast<off_t>(offset % period_);
  const std::uint64_t most = period_ - static_cast<std::uint64_t>(start);
  return ::sendfile(socket, file_, &start, std::min(most, whole - offset));
}

Connection::Connection(const Options& options, const Message& message, int epoll,
                       std::uint32_t number)
    : options_(options), message_(message), epoll_(epoll), number_(number) {}

bool Connection::connect() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto* address = reinterpret_cast<const sockaddr*>(&options_.address);
  if (::connect(socket_, address, sizeof options_.address) != 0 && errno != EINPROGRESS)
    return false;
  // Edge-triggered, once for both directions: no further epoll_ctl for the connection's life.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u32 = number_;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) == 0;
}

void Connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  state_ = State::closed;
}

Connection::Event Connection::fail() {
  close();
  return Event::failed;
}

Connection::Event Connection::ask() {
  sent_ = 0;
  has_head_ = false;
  head_bytes_.clear();
  parser_.restart(options_.upload > 0 ? http::Method::post : http::Method::get);
  const bool is_new = state_ == State::closed;
  if (is_new && !connect()) return fail();
  state_ = State::busy;
  return send() ? Event::none : fail();
}

// False: it will never be sent.
bool Connection::send() {
  const std::string& head = message_.head();
  const std::uint64_t size = head.size() + message_.body_size();
  while (sent_ < size) {
    const bool in_head = sent_ < head.size();
    const int more = message_.body_size() > 0 ? MSG_MORE : 0;
    const ssize_t count =
        in_head ? ::send(socket_, head.data() + sent_, head.size() - sent_, MSG_NOSIGNAL | more)
                : message_.send_body(socket_, sent_ - head.size());
    if (count < 0) return errno == EAGAIN || errno == ENOTCONN || errno == EINTR;
    sent_ += static_cast<std::uint64_t>(count);
  }
  return true;
}

Connection::Event Connection::proceed(std::uint32_t events) {
  if (state_ == State::closed) return Event::none;
  if (state_ == State::idle) {  // nothing is expected: it can only be the end
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) close();
    return Event::none;
  }
  if ((events & EPOLLOUT) != 0 && sent_ < message_.head().size() + message_.body_size() &&
      !send()) {
    return fail();
  }
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0) return Event::none;
  return receive((events & ~std::uint32_t{EPOLLIN | EPOLLOUT}) != 0);
}

// Of a body whose length is known the bytes themselves are not looked at: TCP throws them away in
// the kernel, which leaves more of this core to the peers.
bool Connection::skips_body() const {
  return has_head_ && parser_.head().body.kind == http::Framing::Kind::length;
}

// `has_ended`: nothing will tell us of the end again, so it has to be read up to there.
Connection::Event Connection::receive(bool has_ended) {
  while (true) {
    const bool skips = skips_body();
    const std::size_t most =
        skips ? std::min<std::uint64_t>(body_.remaining(), 4 * kPiece) : buffer.size();
    const ssize_t count =
        ::recv(socket_, skips ? nullptr : buffer.data(), most, skips ? MSG_TRUNC : 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? Event::none : fail();
    if (count == 0) {
      if (!has_head_ || !body_.close_completes()) return fail();
      keeps_ = false;
      return finish();
    }
    const auto size = static_cast<std::size_t>(count);
    Event event = Event::none;
    if (skips) {
      body_.skip(size);
      if (body_.done()) event = finish();
    } else {
      event = take({buffer.data(), size});
    }
    if (event != Event::none) return event;
    // A short read has emptied the socket; what comes later is an edge of its own.
    if (size < most && !has_ended) return Event::none;
  }
}

Connection::Event Connection::take(std::string_view bytes) {
  if (!has_head_) {
    if (!head_bytes_.empty()) {
      head_bytes_ += bytes;
      bytes = head_bytes_;
    }
    const http::Progress progress = parser_.parse(bytes);
    if (progress == http::Progress::invalid) return fail();
    if (progress == http::Progress::incomplete) {
      if (head_bytes_.empty()) head_bytes_ = bytes;
      return Event::none;
    }
    const http::AnswerHead& head = parser_.head();
    if (head.status != 200) return fail();
    has_head_ = true;
    keeps_ = head.keep_alive;
    body_.restart(head.body);
    bytes.remove_prefix(head.size);
  }
  while (!body_.done() && !bytes.empty()) {
    const auto step = body_.take(bytes);
    if (step.invalid) return fail();
    bytes.remove_prefix(step.consumed);
    if (step.consumed == 0) break;
  }
  if (!body_.done()) return Event::none;
  return bytes.empty() ? finish() : fail();  // nobody asked for more
}

Connection::Event Connection::finish() {
  state_ = State::idle;
  if (!keeps_ || !options_.keep_alive) close();
  return Event::answered;
}

}  // namespace sluice::load
