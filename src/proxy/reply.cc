// SPDX-License-Identifier: MIT
#include "proxy/reply.h"

namespace sluice::proxy {

std::span<iovec> Reply::send_now(std::span<iovec> pieces, Failure& failure) {
  while (!pieces.empty()) {
    const net::Transfer put = client_->write_now(pieces);
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

net::Task<Failure> Reply::send_rest(std::span<iovec> pieces) {
  Failure failure;
  while (!pieces.empty()) {
    const std::error_code error = co_await net::wait(timeout_, client_->writable());
    if (error) {
      co_return Failure{
          error == net::Errc::timed_out ? Trouble::client_timed_out : Trouble::client_gone, error};
    }
    pieces = send_now(pieces, failure);
    if (failure) {
      co_return failure;
    }
  }
  co_return failure;
}

net::Task<Failure> Reply::send(std::span<iovec> pieces) {
  Failure failure;
  pieces = send_now(pieces, failure);
  if (!failure && !pieces.empty()) {
    failure = co_await send_rest(pieces);
  }
  co_return failure;
}

}  // namespace sluice::proxy
