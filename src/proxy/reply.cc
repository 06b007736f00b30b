// SPDX-License-Identifier: MIT
#include "proxy/reply.h"

#include <algorithm>

namespace sluice::proxy {

net::Transfer Reply::write_within_limit(std::span<const iovec> pieces) {
  if (!limit_) {
    return client_->write_now(pieces);
  }
  const std::uint64_t allowed = limit_.allowed(loop_->steady_now(), sent_);
  if (allowed == 0) {
    throttled_ = true;
    return {0, net::Errc::would_block};
  }
  iovec first = pieces.front();
  first.iov_len = static_cast<std::size_t>(std::min<std::uint64_t>(first.iov_len, allowed));
  return client_->write_now({&first, 1});
}

std::span<iovec> Reply::send_now(std::span<iovec> pieces, Failure& failure) {
  throttled_ = false;
  while (!pieces.empty()) {
    const net::Transfer put = write_within_limit(pieces);
    if (put.must_wait()) {
      break;
    }
    if (put.error) {
      failure = {Trouble::client_gone, put.error};
      break;
    }
    sent_ += put.bytes;
    pieces = net::drop_front(pieces, put.bytes);
  }
  return pieces;
}

void Reply::splice_now(net::Pipe& pipe, Failure& failure) {
  throttled_ = false;
  while (!pipe.empty()) {
    const net::Transfer put = client_->splice_from(pipe);
    if (put.must_wait()) {
      return;
    }
    if (put.error) {
      failure = {Trouble::client_gone, put.error};
      return;
    }
    sent_ += put.bytes;
  }
}

net::Milliseconds Reply::patience() const {
  return throttled_ ? limit_.pause(loop_->steady_now(), sent_) : timeout_;
}

net::Task<Failure> Reply::send(std::span<iovec> pieces) {
  Failure failure;
  for (;;) {
    pieces = send_now(pieces, failure);
    if (failure || pieces.empty()) {
      co_return failure;
    }
    const std::error_code error = co_await net::wait(patience(), awaited());
    if (error && !(throttled_ && error == net::Errc::timed_out)) {
      co_return Failure{
          error == net::Errc::timed_out ? Trouble::client_timed_out : Trouble::client_gone, error};
    }
  }
}

}  // namespace sluice::proxy
