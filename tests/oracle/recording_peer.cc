// SPDX-License-Identifier: MIT
#include "tests/oracle/recording_peer.h"

#include "tests/support/text.h"

namespace sluice::tests::oracle {
namespace {

// Has the body, which is all that follows the head, come to its end?
bool is_whole(const std::string& head, const std::string& body) {
  if (find_header(head, "Transfer-Encoding")) {
    return body == "0\r\n\r\n" || body.ends_with("\r\n0\r\n\r\n");
  }
  return body.size() >= to_number(find_header(head, "Content-Length").value_or("0")).value_or(0);
}

}  // namespace

RecordingPeer::RecordingPeer(const std::string& address)
    : peer_(address, {[this](PeerConnection& connection) { serve(connection); }}) {}

void RecordingPeer::answer_with(std::vector<PeerAnswer> answers) {
  peer_.close_all();
  const std::lock_guard lock(mutex_);
  answers_ = std::move(answers);
  received_.clear();
}

std::vector<std::string> RecordingPeer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

PeerAnswer RecordingPeer::take_answer(std::string request) {
  const std::lock_guard lock(mutex_);
  received_.push_back(std::move(request));
  if (answers_.empty()) return answer("");
  PeerAnswer next = answers_.front();
  if (answers_.size() > 1) answers_.erase(answers_.begin());
  return next;
}

void RecordingPeer::serve(PeerConnection& connection) {
  const auto head = connection.read_head();
  if (!head) {
    connection.close();
    return;
  }
  std::string body;
  while (!is_whole(head->head, body)) {
    const std::string bytes = connection.read_bytes();
    if (bytes.empty()) {
      take_answer(head->head + body + "(broken off)");
      connection.close();
      return;
    }
    body += bytes;
  }
  const PeerAnswer next = take_answer(head->head + body);
  connection.send(next.bytes);
  if (next.then == PeerAnswer::Then::close) connection.close();
  if (next.then == PeerAnswer::Then::reset) connection.reset();
}

}  // namespace sluice::tests::oracle
