// SPDX-License-Identifier: MIT
#include "backend/connection.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "backend/pattern.h"
#include "http/writer.h"

namespace sluice::backend {
namespace {

namespace asio = boost::asio;
using Kind = http::Framing::Kind;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>{});
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::size_t kLargestHead = 1024 * 1024;
// Up to here an answer is composed in memory and sent in one write; beyond, the pattern goes out by
// sendfile, in chunks of this size if it is chunked.
constexpr std::uint64_t kSmall = 16 * 1024;
constexpr std::uint64_t kChunk = 64 * 1024;
constexpr std::string_view kGarbage = "\x15\x03\x01 this is not HTTP\n";
constexpr std::string_view kTrailers = "0\r\nX-Trailer: the end\r\n\r\n";

std::atomic<std::uint64_t> answers_of_process{0};

std::uint64_t content_size(const Answer& answer) {
  return answer.content == Content::pattern ? answer.size : answer.text.size();
}

bool has_content(std::uint16_t status) {
  return status != 204 && status != 304;
}

std::string_view last_chunk(const Answer& answer) {
  return answer.has_trailers ? kTrailers : http::kLastChunk;
}

}  // namespace

Connection::Connection(Socket socket, const Listener& listener, const Faults& faults)
    : socket_(std::move(socket)),
      listener_(listener),
      faults_(faults),
      buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)),
      capacity_(kBuffer) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
}

Task<void> Connection::run() {
  while (true) {
    parser_.restart();
    auto progress = parser_.parse(unread());
    while (progress == http::Progress::incomplete) {
      const bool is_idle = begin_ == end_;
      const bool got_more = co_await read_more(is_idle);
      if (!got_more) co_return;
      progress = parser_.parse(unread());
    }
    if (progress == http::Progress::invalid || faults_.garbage) {
      out_ = faults_.garbage ? kGarbage : "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
      co_await flush();
      co_return;
    }

    const Request request = take_request();
    bool sent_all = false;
    bool goes_on = answer_now(request, sent_all);
    if (!sent_all) goes_on = co_await answer_in_steps(request);
    if (!goes_on || !count_answer(request)) co_return;
  }
}

// --- reading ---------------------------------------------------------------------------------

// Space behind the unread bytes: moves them to the front, or doubles the buffer for a large head.
bool Connection::make_room() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ < capacity_) return true;
  if (begin_ == 0 && capacity_ >= kLargestHead) return false;
  const std::size_t size = end_ - begin_;
  if (begin_ == 0) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_ * 2);
    std::memcpy(larger.get(), buffer_.get(), size);
    buffer_ = std::move(larger);
    capacity_ *= 2;
  } else {
    std::memmove(buffer_.get(), buffer_.get() + begin_, size);
  }
  begin_ = 0;
  end_ = size;
  return true;
}

Task<bool> Connection::read_more(bool is_idle) {
  if (!make_room()) co_return false;
  const auto room = asio::buffer(buffer_.get() + end_, capacity_ - end_);
  std::size_t count = 0;
  if (is_idle && faults_.close_idle.count() > 0) {
    using namespace asio::experimental::awaitable_operators;
    Timer timer(socket_.get_executor(), faults_.close_idle);
    const auto first = co_await (socket_.async_read_some(room, kAwait) || timer.async_wait(kAwait));
    if (const auto* read = std::get_if<0>(&first)) count = std::get<1>(*read);
  } else {
    const auto [error, received] = co_await socket_.async_read_some(room, kAwait);
    count = error ? 0 : received;
  }
  end_ += count;
  co_return count > 0;
}

Connection::Request Connection::take_request() {
  const http::RequestHead& head = parser_.head();
  Request request;
  request.answer = route(head.target, listener_.greeting);
  request.body = head.body;
  request.is_head = head.method == http::Method::head;
  request.is_http10 = head.minor == 0;
  request.keep_alive = head.keep_alive;
  request.expects_continue = head.expects_continue && head.body.has_body();

  Answer& answer = request.answer;
  if (answer.content == Content::request_head) {
    text_ = unread().substr(0, head.size);
    answer.text = text_;
  }
  if (faults_.status_all) answer.status = *faults_.status_all;
  answer.delay += faults_.delay;
  if (answer.framing == Kind::chunked && request.is_http10) answer.framing = Kind::until_close;
  if (answer.framing == Kind::until_close) request.keep_alive = false;
  body_.restart(request.body);
  begin_ += head.size;
  return request;
}

// The next bytes of the request's body: a view into the buffer until the next call; empty when the
// body is complete.  False: it never will be.
Task<bool> Connection::next_piece(std::string_view& piece) {
  piece = {};
  while (!body_.done()) {
    const auto step = body_.take(unread());
    if (step.invalid) co_return false;
    begin_ += step.consumed;
    piece = step.piece;
    if (!piece.empty()) co_return true;
    if (step.consumed > 0 && begin_ < end_) continue;
    if (body_.done()) break;
    const bool got_more = co_await read_more(false);
    if (!got_more) co_return false;
  }
  co_return true;
}

// --- answering -------------------------------------------------------------------------------

void Connection::append_head(const Request& request, std::uint64_t size) {
  const Answer& answer = request.answer;
  out_.append("HTTP/1.1 ").append(http::status_line(answer.status)).append("\r\n");
  http::append_header(out_, "X-Backend", listener_.name);
  if (has_content(answer.status)) {
    http::append_header(out_, "Content-Type", "text/plain");
    if (answer.framing == Kind::chunked) http::append_header(out_, "Transfer-Encoding", "chunked");
    if (answer.has_trailers) http::append_header(out_, "Trailer", "X-Trailer");
    if (answer.framing == Kind::length) {
      out_.append("Content-Length: ");
      http::append_number(out_, size);
      out_.append("\r\n");
    }
  }
  if (!request.keep_alive) http::append_header(out_, "Connection", "close");
  if (request.keep_alive && request.is_http10) {
    http::append_header(out_, "Connection", "keep-alive");
  }
  out_.append("\r\n");
}

// A small body at once, in its framing.
void Connection::append_content(const Request& request) {
  const Answer& answer = request.answer;
  const std::uint64_t size = content_size(answer);
  const bool is_pattern = answer.content == Content::pattern;
  const std::string_view content = is_pattern ? pattern(0, size) : answer.text;
  const bool is_chunked = answer.framing == Kind::chunked;
  if (is_chunked && size > 0) {
    std::array<char, 24> line;
    out_.append(http::chunk_size_line(size, line)).append(content).append("\r\n");
  } else {
    out_.append(content);
  }
  if (is_chunked) out_.append(last_chunk(answer));
}

// The usual case is an ordinary call with one write.  `sent_all` false: nothing is lost, and
// answer_in_steps() takes over.
bool Connection::answer_now(const Request& request, bool& sent_all) {
  const Answer& answer = request.answer;
  const std::uint64_t size = content_size(answer);
  sent_all = false;
  if (answer.delay.count() > 0 || request.body.has_body() || size > kSmall) return true;
  if (answer.content == Content::request_body || answer.content == Content::request_sum)
    return true;
  if (faults_.reset_after) return true;
  append_head(request, size);
  if (!request.is_head && has_content(answer.status)) append_content(request);
  sent_all = try_flush(0);
  return request.keep_alive;
}

Task<bool> Connection::answer_in_steps(Request request) {
  if (!out_.empty()) {  // composed by answer_now, and not all of it went
    const bool sent = co_await flush();
    co_return sent&& request.keep_alive;
  }
  Answer& answer = request.answer;
  if (answer.delay.count() > 0) {
    Timer timer(socket_.get_executor(), answer.delay);
    co_await timer.async_wait(kAwait);
  }
  if (request.expects_continue) {
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    const bool sent = co_await flush();
    if (!sent) co_return false;
  }
  bool goes_on = true;
  if (answer.content == Content::request_body) {
    goes_on = co_await echo(request);
    co_return goes_on&& request.keep_alive;
  }
  goes_on = co_await read_body(request);  // whatever is answered, the body must be out of the way
  if (!goes_on) co_return false;
  append_head(request, content_size(answer));
  if (!request.is_head && has_content(answer.status)) {
    goes_on = co_await send_content(request);
    if (!goes_on) co_return false;
  }
  goes_on = co_await flush();
  co_return goes_on&& request.keep_alive;
}

Task<bool> Connection::send_content(const Request& request) {
  const Answer& answer = request.answer;
  const bool is_chunked = answer.framing == Kind::chunked;
  const std::uint64_t size = content_size(answer);
  const std::uint64_t end = std::min(size, faults_.reset_after.value_or(size));
  std::array<char, 24> line;
  for (std::uint64_t at = 0; at < end;) {
    const std::uint64_t piece = is_chunked ? std::min(end - at, kChunk) : end - at;
    if (is_chunked) out_.append(http::chunk_size_line(piece, line));
    if (answer.content == Content::pattern) {
      bool sent = co_await flush(MSG_MORE);
      if (sent) sent = co_await send_pattern_piece(at, piece);
      if (!sent) co_return false;
    } else {
      out_.append(answer.text.substr(at, piece));
    }
    if (is_chunked) out_.append("\r\n");
    at += piece;
  }
  if (end < size) {
    co_await flush();
    reset();
    co_return false;
  }
  if (is_chunked) out_.append(last_chunk(answer));
  co_return true;
}

Task<bool> Connection::send_pattern_piece(std::uint64_t offset, std::uint64_t size) {
  while (size > 0) {
    const ssize_t sent = send_pattern(socket_.native_handle(), offset, size);
    if (sent > 0) {
      offset += static_cast<std::uint64_t>(sent);
      size -= static_cast<std::uint64_t>(sent);
      continue;
    }
    if (sent == 0 || (errno != EAGAIN && errno != EINTR)) co_return false;
    const auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
    if (error) co_return false;
  }
  co_return true;
}

// The request's body goes back as it comes, in the framing it came in.
Task<bool> Connection::echo(const Request& request) {
  Request answered = request;
  const bool is_chunked = request.body.kind == Kind::chunked && !request.is_http10;
  answered.answer.framing = is_chunked ? Kind::chunked : Kind::length;
  append_head(answered, request.body.length);
  std::array<char, 24> line;
  while (true) {
    std::string_view piece;
    const bool is_sound = co_await next_piece(piece);
    if (!is_sound) co_return false;
    if (piece.empty()) break;
    if (is_chunked) out_.append(http::chunk_size_line(piece.size(), line));
    out_.append(piece);
    if (is_chunked) out_.append("\r\n");
    const bool sent = co_await flush();
    if (!sent) co_return false;
  }
  if (is_chunked) out_.append(http::kLastChunk);
  co_return co_await flush();
}

// Reads the body to its end; "/sum" answers what it was.
Task<bool> Connection::read_body(Request& request) {
  const bool is_wanted = request.answer.content == Content::request_sum;
  std::uint64_t size = 0;
  uLong crc = ::crc32(0, nullptr, 0);
  while (true) {
    std::string_view piece;
    const bool is_sound = co_await next_piece(piece);
    if (!is_sound) co_return false;
    if (piece.empty()) break;
    if (!is_wanted) continue;
    size += piece.size();
    crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
  }
  if (is_wanted) {
    std::array<char, 48> line;
    const int length = std::snprintf(line.data(), line.size(), "%llu %08lx\n",
                                     static_cast<unsigned long long>(size), crc);
    text_.assign(line.data(), static_cast<std::size_t>(length));
    request.answer.text = text_;
  }
  co_return true;
}

// Sends what can be sent without waiting.  True: nothing is left, or nobody is there to read it.
bool Connection::try_flush(int flags) {
  while (out_sent_ < out_.size()) {
    const ssize_t sent = ::send(socket_.native_handle(), out_.data() + out_sent_,
                                out_.size() - out_sent_, flags | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return false;
    if (sent < 0) break;  // the next read tells
    out_sent_ += static_cast<std::size_t>(sent);
  }
  out_.clear();
  out_sent_ = 0;
  return true;
}

Task<bool> Connection::flush(int flags) {
  while (!try_flush(flags)) {
    const auto [error] = co_await socket_.async_wait(Socket::wait_write, kAwait);
    if (error) co_return false;
  }
  co_return true;
}

bool Connection::count_answer(const Request& request) {
  ++answers_;
  if (faults_.die_after && ++answers_of_process >= *faults_.die_after) ::_exit(1);
  return !(faults_.close_after && answers_ >= *faults_.close_after) && request.keep_alive;
}

void Connection::reset() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace sluice::backend
