// SPDX-License-Identifier: MIT
#include "backend/connection.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>

#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "backend/pattern.h"
#include "http/writer.h"

namespace sluice::backend {
namespace {

using Kind = http::Framing::Kind;

// Up to here an answer is composed in memory and sent in one write; beyond, the pattern goes out by
// sendfile, in chunks of this size if it is chunked.
constexpr std::uint64_t kSmall = 16 * 1024;
constexpr std::uint64_t kChunk = 64 * 1024;
constexpr std::string_view kGarbage = "\x15\x03\x01 this is not HTTP\n";
constexpr std::string_view kBadRequest = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
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
    : socket_(std::move(socket)), listener_(listener), faults_(faults) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
}

Task<void> Connection::run() {
  while (true) {
    const auto progress = co_await input_.read_head();
    if (progress == http::Progress::incomplete) co_return;
    if (progress == http::Progress::invalid || faults_.garbage) {
      output_.text() = faults_.garbage ? kGarbage : kBadRequest;
      co_await output_.flush();
      co_return;
    }

    const Request request = take_request();
    bool sent_all = false;
    bool goes_on = answer_now(request, sent_all);
    if (!sent_all) goes_on = co_await answer_in_steps(request);
    if (!goes_on || !count_answer(request)) co_return;
  }
}

Connection::Request Connection::take_request() {
  const http::RequestHead& head = input_.head();
  Request request;
  request.answer = route(head.target, listener_.greeting);
  request.body = head.body;
  request.is_head = head.method == http::Method::head;
  request.is_http10 = head.minor == 0;
  request.keep_alive = head.keep_alive;
  request.expects_continue = head.expects_continue && head.body.has_body();

  Answer& answer = request.answer;
  if (answer.content == Content::request_head) {
    text_ = input_.head_bytes();
    answer.text = text_;
  }
  if (faults_.status_all) answer.status = *faults_.status_all;
  answer.delay += faults_.delay;
  if (answer.framing == Kind::chunked && request.is_http10) answer.framing = Kind::until_close;
  if (answer.framing == Kind::until_close) request.keep_alive = false;
  input_.begin_body();
  return request;
}

void Connection::append_head(const Request& request, std::uint64_t size) {
  const Answer& answer = request.answer;
  std::string& out = output_.text();
  out.append("HTTP/1.1 ").append(http::status_line(answer.status)).append("\r\n");
  http::append_header(out, "X-Backend", listener_.name);
  if (has_content(answer.status)) {
    http::append_header(out, "Content-Type", "text/plain");
    if (answer.framing == Kind::chunked) http::append_header(out, "Transfer-Encoding", "chunked");
    if (answer.has_trailers) http::append_header(out, "Trailer", "X-Trailer");
    if (answer.framing == Kind::length) {
      out.append("Content-Length: ");
      http::append_number(out, size);
      out.append("\r\n");
    }
  }
  if (!request.keep_alive) http::append_header(out, "Connection", "close");
  if (request.keep_alive && request.is_http10) http::append_header(out, "Connection", "keep-alive");
  out.append("\r\n");
}

// A small body at once, in its framing.
void Connection::append_content(const Answer& answer) {
  const std::uint64_t size = content_size(answer);
  const bool is_pattern = answer.content == Content::pattern;
  const std::string_view content = is_pattern ? pattern(0, size) : answer.text;
  std::string& out = output_.text();
  if (answer.framing != Kind::chunked) {
    out.append(content);
    return;
  }
  std::array<char, 24> line;
  if (size > 0) out.append(http::chunk_size_line(size, line)).append(content).append("\r\n");
  out.append(last_chunk(answer));
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
  if (!request.is_head && has_content(answer.status)) append_content(answer);
  sent_all = output_.try_flush();
  return request.keep_alive;
}

Task<bool> Connection::answer_in_steps(Request request) {
  if (!output_.is_empty()) {  // composed by answer_now, and not all of it went
    const bool sent = co_await output_.flush();
    co_return sent&& request.keep_alive;
  }
  Answer& answer = request.answer;
  if (answer.delay.count() > 0) {
    Timer timer(socket_.get_executor(), answer.delay);
    co_await timer.async_wait(kAwait);
  }
  bool goes_on = true;
  if (request.expects_continue) {
    output_.text() = kContinue;
    goes_on = co_await output_.flush();
    if (!goes_on) co_return false;
  }
  if (answer.content == Content::request_body) {
    goes_on = co_await echo(request);
    co_return goes_on&& request.keep_alive;
  }
  goes_on = co_await read_body(request);  // whatever is answered, it must be out of the way
  if (!goes_on) co_return false;
  append_head(request, content_size(answer));
  if (!request.is_head && has_content(answer.status)) {
    goes_on = co_await send_content(request);
    if (!goes_on) co_return false;
  }
  goes_on = co_await output_.flush();
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
    if (is_chunked) output_.text().append(http::chunk_size_line(piece, line));
    if (answer.content == Content::pattern) {
      bool sent = co_await output_.flush(MSG_MORE);
      if (sent) sent = co_await output_.send_pattern(at, piece);
      if (!sent) co_return false;
    } else {
      output_.text().append(answer.text.substr(at, piece));
    }
    if (is_chunked) output_.text().append("\r\n");
    at += piece;
  }
  if (end < size) {
    co_await output_.flush();
    reset();
    co_return false;
  }
  if (is_chunked) output_.text().append(last_chunk(answer));
  co_return true;
}

// The request's body goes back as it comes, in the framing it came in.
Task<bool> Connection::echo(Request request) {
  const bool is_chunked = request.body.kind == Kind::chunked && !request.is_http10;
  request.answer.framing = is_chunked ? Kind::chunked : Kind::length;
  append_head(request, request.body.length);
  std::array<char, 24> line;
  std::string& out = output_.text();
  while (true) {
    std::string_view piece;
    const bool is_sound = co_await input_.next_piece(piece);
    if (!is_sound) co_return false;
    if (piece.empty()) break;
    if (is_chunked) out.append(http::chunk_size_line(piece.size(), line));
    out.append(piece);
    if (is_chunked) out.append("\r\n");
    const bool sent = co_await output_.flush();
    if (!sent) co_return false;
  }
  if (is_chunked) out.append(http::kLastChunk);
  const bool sent = co_await output_.flush();
  co_return sent;
}

// Reads the body to its end; "/sum" answers what it was.
Task<bool> Connection::read_body(Request& request) {
  const bool is_wanted = request.answer.content == Content::request_sum;
  std::uint64_t size = 0;
  uLong crc = ::crc32(0, nullptr, 0);
  while (true) {
    std::string_view piece;
    const bool is_sound = co_await input_.next_piece(piece);
    if (!is_sound) co_return false;
    if (piece.empty()) break;
    if (!is_wanted) continue;
    size += piece.size();
    crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
  }
  if (is_wanted) write_sum(size, crc, request.answer);
  co_return true;
}

void Connection::write_sum(std::uint64_t size, unsigned long crc, Answer& answer) {
  std::array<char, 16> hex{};
  std::snprintf(hex.data(), hex.size(), " %08lx\n", crc);
  text_.clear();
  http::append_number(text_, size);
  text_.append(hex.data());
  answer.text = text_;
}

bool Connection::count_answer(const Request& request) {
  ++answers_;
  if (faults_.die_after && ++answers_of_process >= *faults_.die_after) ::_exit(1);
  return !(faults_.close_after && answers_ >= *faults_.close_after) && request.keep_alive;
}

void Connection::reset() {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace sluice::backend
