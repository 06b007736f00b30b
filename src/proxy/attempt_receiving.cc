// SPDX-License-Identifier: MIT
// The head of a peer's answer: read, found, and the interim answers before it.
#include <algorithm>
#include <cstring>

#include "proxy/attempt.h"
#include "proxy/peer_head.h"

namespace sluice::proxy {

std::size_t Attempt::most_of_head() const {
  return std::max<std::size_t>(net::ChunkPool::kPage, request_.settings->buffer_size);
}

// Names the largest header, its value never: that may be a secret.
Failure Attempt::head_too_big(std::string_view head) {
  std::string_view rest = head;
  std::string_view largest;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    largest = line.size() > largest.size() ? line : largest;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  detail_ = "more than " + std::to_string(most_of_head()) + " bytes";
  if (const auto colon = largest.find(':'); colon != largest.npos) {
    detail_.append(", \"").append(largest.substr(0, colon)).append("\" alone has ");
    detail_.append(std::to_string(largest.size()));
  }
  detail_.append("; see \"proxy_buffer_size\"");
  return {Trouble::head_too_big, {}, detail_};
}

Attempt::Step Attempt::receive_now() {
  for (;;) {
    if (!head_chunk_.taken()) {
      if (!connection_.stream->may_be_readable()) {
        return {Progress::wait_for_peer, {}};
      }
      // What lies behind the head is the body's beginning, often all of it.
      head_chunk_ = worker_.loop.chunks().take(std::max(net::ChunkPool::kMessage, most_of_head()));
    }
    const net::Transfer got =
        connection_.stream->read_now({head_chunk_.data() + end_, head_chunk_.size() - end_});
    if (got.must_wait()) {
      return {Progress::wait_for_peer, {}};
    }
    if (got.error == net::Errc::end_of_stream) {
      return {Progress::done, {Trouble::closed_early, got.error}};
    }
    if (got.error) {
      return {Progress::done, {Trouble::read_failed, got.error}};
    }
    answer_began_ = true;
    end_ += got.bytes;
    facts_->bytes_received += got.bytes;
    const Step step = parse_head();
    if (step.failure || step.progress != Progress::wait_for_peer) {
      return step;
    }
  }
}

// Looks for a head in what has come.  wait_for_peer: it is not there whole.
Attempt::Step Attempt::parse_head() {
  for (;;) {
    const http::Progress progress = parser_.parse({head_chunk_.data() + begin_, end_ - begin_});
    if (progress == http::Progress::invalid) {
      return {Progress::done, {Trouble::invalid_head, {}, parser_.refusal().reason}};
    }
    if (progress == http::Progress::incomplete) {
      if (end_ - begin_ >= most_of_head()) {
        return {Progress::done, head_too_big({head_chunk_.data() + begin_, end_ - begin_})};
      }
      return {Progress::wait_for_peer, {}};
    }
    if (parser_.head().size > most_of_head()) {
      return {Progress::done, head_too_big({head_chunk_.data() + begin_, parser_.head().size})};
    }
    const std::uint16_t status = parser_.head().status;
    if (status == 101 && !asked_for_upgrade()) {
      return {Progress::done, {Trouble::invalid_head, {}}};
    }
    if (status >= 200 || status == 101) {
      begin_ += parser_.head().size;
      return {Progress::done, {}};
    }
    if (status == 103 && request_.interim != nullptr) {
      return {Progress::has_hints, {}};
    }
    // 100 Continue: the client has been told to go on by us already.
    if (!skip_interim()) {
      return {Progress::done, {Trouble::head_too_big, {}, "too many interim answers"}};
    }
  }
}

// The head that was found makes room for the next.  False: they are too many.
bool Attempt::skip_interim() {
  const std::size_t size = parser_.head().size;
  interim_size_ += size;
  parser_.restart(peer_method(*request_.facts, *request_.pass));
  std::memmove(head_chunk_.data(), head_chunk_.data() + begin_ + size, end_ - begin_ - size);
  end_ -= begin_ + size;
  begin_ = 0;
  return interim_size_ <= most_of_head();
}

// Until something else has been received than hints.
net::Task<Failure> Attempt::pass_on_hints(Step& received) {
  while (received.progress == Progress::has_hints) {
    if (const Failure failure = co_await request_.interim->pass_on_hints(parser_.head())) {
      co_return failure;
    }
    if (!skip_interim()) {
      co_return Failure{Trouble::head_too_big, {}, "too many interim answers"};
    }
    received = parse_head();
    if (!received.failure && received.progress == Progress::wait_for_peer) {
      received = receive_now();
    }
  }
  co_return received.failure;
}

}  // namespace sluice::proxy
