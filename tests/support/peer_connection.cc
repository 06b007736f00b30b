// SPDX-License-Identifier: MIT
// One connection of a ScriptedPeer: reading requests by hand, and the usual steps.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <array>

#include "tests/support/scripted_peer.h"
#include "tests/support/text.h"

namespace sluice::tests {

std::string PeerRequest::target() const {
  const std::string text = line();
  const auto begin = text.find(' ');
  const auto end = text.rfind(' ');
  if (begin == std::string::npos || begin == end) return {};
  return text.substr(begin + 1, end - begin - 1);
}

std::optional<std::string> PeerRequest::header(std::string_view name) const {
  return find_header(head, name);
}

std::string PeerConnection::remote() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  std::array<char, INET_ADDRSTRLEN> text{};
  ::getpeername(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return text.data();
}

// For as long as it takes: a kept connection may be idle.  The peer's destructor ends it.
bool PeerConnection::wait_for_bytes() {
  return (!received_.empty() && !ended_) || more();
}

bool PeerConnection::more() {
  if (!socket_.is_open()) return false;
  const Deadline none(std::chrono::hours(24));
  ended_ = read_some(socket_, received_, none) != ReadResult::bytes;
  return !ended_;
}

bool PeerConnection::read_line(std::string& line, std::string& raw) {
  auto end = received_.find("\r\n");
  while (end == std::string::npos) {
    if (!more()) return false;
    end = received_.find("\r\n");
  }
  line = received_.substr(0, end);
  raw.append(received_, 0, end + 2);
  received_.erase(0, end + 2);
  return true;
}

bool PeerConnection::read_exactly(std::uint64_t size, std::string& into) {
  while (size > 0) {
    if (received_.empty() && !more()) return false;
    const auto piece = std::min<std::uint64_t>(size, received_.size());
    into.append(received_, 0, piece);
    received_.erase(0, piece);
    size -= piece;
  }
  return true;
}

std::optional<PeerRequest> PeerConnection::read_head() {
  PeerRequest request;
  request.connection = number_;
  std::string line;
  do {
    if (!read_line(line, request.head)) return std::nullopt;
  } while (!line.empty());
  peer_.remember(request);
  return request;
}

std::optional<PeerRequest> PeerConnection::read_request() {
  PeerRequest request;
  request.connection = number_;
  std::string line;
  do {
    if (!read_line(line, request.head)) return std::nullopt;
  } while (!line.empty());
  if (!read_body(request)) return std::nullopt;
  peer_.remember(request);
  return request;
}

bool PeerConnection::read_body(PeerRequest& request) {
  const auto coding = request.header("Transfer-Encoding");
  if (!coding || lower(*coding) != "chunked") {
    const auto length = to_number(request.header("Content-Length").value_or("0"));
    if (!length || !read_exactly(*length, request.body)) return false;
    request.raw_body = request.body;
    return true;
  }
  std::string line;
  while (true) {
    if (!read_line(line, request.raw_body)) return false;
    const auto size = to_number(line, 16);
    if (!size) return false;
    if (*size == 0) break;
    const std::size_t before = request.body.size();
    if (!read_exactly(*size, request.body)) return false;
    request.raw_body += request.body.substr(before);
    if (!read_line(line, request.raw_body)) return false;
  }
  do {
    if (!read_line(line, request.raw_body)) return false;
  } while (!line.empty());
  return true;
}

std::string PeerConnection::read_bytes() {
  if (received_.empty()) more();
  return std::exchange(received_, {});
}

void PeerConnection::send(std::string_view bytes) {
  // Whether anybody is left to read it is for the test to find out from the other side.
  static_cast<void>(send_all(socket_, bytes, Deadline()));
}

void PeerConnection::close() {
  peer_.close(socket_, /*with_reset=*/false);
}
void PeerConnection::reset() {
  peer_.close(socket_, /*with_reset=*/true);
}

void PeerConnection::wait_for_close() {
  while (more()) received_.clear();
}

// --- the usual steps -------------------------------------------------------------------------

namespace {

Step after_request(std::string answer, void (*then)(PeerConnection&)) {
  return [answer = std::move(answer), then](PeerConnection& connection) {
    if (!connection.read_request()) {
      connection.close();
      return;
    }
    connection.send(answer);
    then(connection);
  };
}

std::string answer_of(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + (status == 200 ? " OK" : " Scripted") + "\r\n" +
         headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void stay(PeerConnection&) {}
void leave(PeerConnection& connection) {
  connection.close();
}
void reset(PeerConnection& connection) {
  connection.reset();
}
void linger(PeerConnection& connection) {
  connection.wait_for_close();
  connection.close();
}

}  // namespace

Step respond(int status, std::string body, std::string headers) {
  return after_request(answer_of(status, body, headers), stay);
}
Step respond_then_close(int status, std::string body, std::string headers) {
  return after_request(answer_of(status, body, headers), leave);
}
Step raw(std::string bytes) {
  return after_request(std::move(bytes), stay);
}
Step raw_then_close(std::string bytes) {
  return after_request(std::move(bytes), leave);
}
Step raw_then_reset(std::string bytes) {
  return after_request(std::move(bytes), reset);
}
Step close_after_request() {
  return after_request("", leave);
}
Step hang() {
  return after_request("", linger);
}

Step close_after_accept() {
  Step step = leave;
  step.waits_for_request = false;
  return step;
}

}  // namespace sluice::tests
