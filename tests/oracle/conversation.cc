// SPDX-License-Identifier: MIT
#include "tests/oracle/conversation.h"

#include <sys/socket.h>

#include "tests/support/sockets.h"
#include "tests/support/text.h"

namespace sluice::tests::oracle {
namespace {

// No server takes this for a request, so that it answers 400 and closes, whatever its
// configuration.
constexpr std::string_view kProbe = "probe\r\n\r\n";

enum class Framing { none, length, chunked, until_close };

Framing framing_of(const std::string& head, bool to_head) {
  const std::string status = head.substr(head.find(' ') + 1, 3);
  if (to_head || (status.starts_with('1') && status != "101") || status == "204" ||
      status == "304") {
    return Framing::none;
  }
  if (find_header(head, "Transfer-Encoding")) return Framing::chunked;
  return find_header(head, "Content-Length") ? Framing::length : Framing::until_close;
}

// Takes a chunked body from `bytes`.  False: it is not all there, or broken.
bool take_chunks(std::string_view bytes, std::string& body, std::size_t& used) {
  const std::size_t whole = bytes.size();
  while (true) {
    const auto line = bytes.find("\r\n");
    const auto size = to_number(bytes, 16);
    if (line == std::string_view::npos || !size) return false;
    bytes.remove_prefix(line + 2);
    if (bytes.size() < *size + 2) return false;
    if (*size == 0) break;
    body += bytes.substr(0, *size);
    bytes.remove_prefix(*size + 2);
  }
  while (!bytes.starts_with("\r\n")) {  // trailers
    const auto line = bytes.find("\r\n");
    if (line == std::string_view::npos) return false;
    bytes.remove_prefix(line + 2);
  }
  used = whole - bytes.size() + 2;
  return true;
}

// Everything there is, since no more will come.
std::optional<Answer> take_rest(std::string& bytes, Answer answer, bool complete) {
  answer.body = std::exchange(bytes, {});
  answer.complete = complete;
  return answer;
}

class Client {
 public:
  Client(const std::string& address, const Pair& pair)
      : pair_(pair), socket_(connect_to(address)) {}

  Conversation run(const std::vector<std::string>& sent) {
    Conversation result;
    result.client_port = std::to_string(port_of(local_address(socket_)));
    for (const std::string& bytes : sent) {
      send_all(socket_, bytes, deadline_);
      if (pair_.shutdown && &bytes == &sent.back()) ::shutdown(socket_.fd(), SHUT_WR);
      const bool goes_on = &bytes != &sent.back();
      read_answers(bytes, goes_on, result.answers);
    }
    result.end = find_end();
    return result;
  }

 private:
  bool more() {
    last_ = read_some(socket_, received_, deadline_);
    ended_ = last_ != ReadResult::bytes;
    return !ended_;
  }

  // The answers to `bytes`.  An interim one is enough when it is what the next bytes wait for.
  void read_answers(const std::string& bytes, bool goes_on, std::vector<Answer>& answers) {
    for (std::size_t wanted = pair_.answers; wanted > 0;) {
      if (ended_ && received_.empty()) return;
      auto answer = take_answer(received_, bytes.starts_with("HEAD "), ended_);
      if (!answer) {
        more();
        continue;
      }
      const bool is_interim = answer->head.starts_with("HTTP/1.1 100");
      answers.push_back(std::move(*answer));
      if (!is_interim || goes_on) --wanted;
    }
  }

  std::string find_end() {
    const bool extra = !received_.empty();
    if (!ended_ && !extra) send_all(socket_, kProbe, deadline_);
    while (more()) {
    }
    if (last_ == ReadResult::timeout) return "never ends, and sent \"" + received_ + '"';
    if (received_.empty()) return "closed";
    if (!extra && received_.starts_with("HTTP/1.1 400 ")) return "kept";
    return "more than was asked for: \"" + received_ + '"';
  }

  const Pair& pair_;
  Socket socket_;
  Deadline deadline_;
  std::string received_;
  bool ended_ = false;
  ReadResult last_ = ReadResult::bytes;
};

}  // namespace

std::optional<Answer> take_answer(std::string& bytes, bool to_head, bool ended) {
  Answer answer;
  const auto head_end = bytes.find("\r\n\r\n");
  const bool has_head = std::string_view(bytes).substr(0, 5) == "HTTP/";
  if (!has_head || head_end == std::string::npos) {
    return ended ? take_rest(bytes, answer, !has_head) : std::nullopt;
  }
  answer.head = bytes.substr(0, head_end);
  const Framing framing = framing_of(answer.head, to_head);
  std::string_view rest = std::string_view(bytes).substr(head_end + 4);
  std::size_t used = 0;
  bool whole = true;
  if (framing == Framing::length) {
    used = to_number(*find_header(answer.head, "Content-Length")).value_or(0);
    whole = rest.size() >= used;
    answer.body = rest.substr(0, used);
  } else if (framing == Framing::chunked) {
    whole = take_chunks(rest, answer.body, used);
  } else if (framing == Framing::until_close) {
    answer.body = rest;
    used = rest.size();
    whole = ended;
  }
  if (!whole && !ended) return std::nullopt;
  answer.complete = whole;
  bytes.erase(0, whole ? head_end + 4 + used : bytes.size());
  return answer;
}

Conversation converse(const std::string& address, const Pair& pair,
                      const std::vector<std::string>& sent) {
  return Client(address, pair).run(sent);
}

}  // namespace sluice::tests::oracle
