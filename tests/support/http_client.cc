// SPDX-License-Identifier: MIT
#include "tests/support/http_client.h"

#include <limits>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/support/text.h"

namespace sluice::tests {

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (lower(key) == lower(name)) return value;
  }
  return {};
}

std::size_t HttpAnswer::count(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      headers, [&](const auto& field) { return lower(field.first) == lower(name); }));
}

HttpClient::HttpClient(const std::string& address, milliseconds patience)
    : address_(address), patience_(patience), socket_(connect_to(address)) {}

HttpAnswer HttpClient::get(std::string_view path, std::string_view headers) {
  return request("GET", path, headers);
}

HttpAnswer HttpClient::request(std::string_view method, std::string_view path,
                               std::string_view headers, std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\n");
  if (!find_header(headers, "Host")) {
    text.append("Host: ").append(address_.starts_with("unix:") ? "localhost" : address_);
    text.append("\r\n");
  }
  text.append(headers);
  if (!body.empty()) text.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  text.append("\r\n").append(body);
  send(text);
  return read_answer(method);
}

void HttpClient::send(std::string_view bytes) {
  // Not a failure when the other side is gone: it may have answered before it left.
  static_cast<void>(send_all(socket_, bytes, Deadline(patience_)));
}

HttpAnswer HttpClient::read_answer(std::string_view to) {
  std::string body;
  HttpAnswer answer = read_answer_into([&](std::string_view piece) { body.append(piece); }, to);
  answer.body = std::move(body);
  return answer;
}

HttpAnswer HttpClient::read_answer_into(const Sink& take, std::string_view to) {
  deadline_ = Deadline(patience_);
  HttpAnswer answer;
  if (!read_line(answer.status_line)) {
    if (last_ != ReadResult::timeout) {
      ADD_FAILURE() << address_ << (last_ == ReadResult::end ? " closed" : " reset")
                    << " the connection instead of an answer to " << to << "; it sent: \""
                    << answer.status_line << '"';
    }
    return answer;
  }
  answer.head = answer.status_line + "\r\n";
  const auto status = answer.status_line.starts_with("HTTP/1.")
                          ? to_number(std::string_view(answer.status_line).substr(9))
                          : std::nullopt;
  if (!status || !read_fields(answer.headers, &answer.head)) {
    ADD_FAILURE() << "not the head of an answer: " << answer.head;
    return answer;
  }
  answer.status = static_cast<int>(*status);
  read_body(answer, to, take);
  return answer;
}

void HttpClient::read_body(HttpAnswer& answer, std::string_view to, const Sink& take) {
  if (to == "HEAD" || answer.status < 200 || answer.status == 204 || answer.status == 304) {
    answer.complete = true;
  } else if (lower(answer.header("Transfer-Encoding")).ends_with("chunked")) {
    answer.complete = read_chunks(answer, take);
  } else if (answer.has("Content-Length")) {
    const auto length = to_number(answer.header("Content-Length"));
    answer.complete = length && read_length(*length, take);
  } else {
    read_length(std::numeric_limits<std::uint64_t>::max(), take);
    answer.complete = last_ == ReadResult::end;
  }
}

bool HttpClient::read_chunks(HttpAnswer& answer, const Sink& take) {
  while (true) {
    std::string line;
    if (!read_line(line)) return false;
    const auto size = to_number(line, 16);
    if (!size) return false;
    if (*size == 0) return read_fields(answer.trailers, nullptr);
    if (!read_length(*size, take) || !read_line(line) || !line.empty()) return false;
  }
}

bool HttpClient::read_length(std::uint64_t length, const Sink& take) {
  while (length > 0) {
    if (at_ == received_.size() && !more()) return false;
    const auto piece = std::string_view(received_).substr(at_).substr(
        0, std::min<std::uint64_t>(length, std::string::npos));
    take(piece);
    at_ += piece.size();
    length -= piece.size();
    deadline_ = Deadline(patience_);  // a large body may take its time as long as it moves
  }
  return true;
}

bool HttpClient::read_fields(std::vector<std::pair<std::string, std::string>>& fields,
                             std::string* raw) {
  while (true) {
    std::string line;
    if (!read_line(line)) return false;
    if (raw != nullptr) raw->append(line).append("\r\n");
    if (line.empty()) return true;
    const auto colon = line.find(':');
    if (colon == std::string::npos) return false;
    fields.emplace_back(line.substr(0, colon), trim(std::string_view(line).substr(colon + 1)));
  }
}

bool HttpClient::read_line(std::string& line) {
  while (true) {
    const auto end = received_.find("\r\n", at_);
    if (end != std::string::npos) {
      line = received_.substr(at_, end - at_);
      at_ = end + 2;
      return true;
    }
    if (!more()) {
      line = received_.substr(at_);
      return false;
    }
  }
}

bool HttpClient::more() {
  if (at_ > 0) received_.erase(0, at_);
  at_ = 0;
  last_ = read_some(socket_, received_, deadline_);
  if (last_ == ReadResult::timeout) ADD_FAILURE() << address_ << " keeps the client waiting";
  return last_ == ReadResult::bytes;
}

std::string HttpClient::read_until_close() {
  deadline_ = Deadline(patience_);
  ReadResult result = ReadResult::bytes;
  while (result == ReadResult::bytes) result = read_some(socket_, received_, deadline_);
  if (result == ReadResult::timeout) {
    ADD_FAILURE() << address_ << " did not close the connection";
    received_ += "(still open)";
  }
  return received_.substr(std::exchange(at_, received_.size()));
}

void HttpClient::shutdown_write() {
  ::shutdown(socket_.fd(), SHUT_WR);
}

HttpAnswer http_get(const std::string& address, std::string_view path, std::string_view headers) {
  return HttpClient(address).get(path, headers);
}

}  // namespace sluice::tests
