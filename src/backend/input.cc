// SPDX-License-Identifier: MIT
#include "backend/input.h"

#include <cstring>

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace sluice::backend {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::size_t kLargestHead = 1024 * 1024;

}  // namespace

Input::Input(Socket& socket, std::chrono::milliseconds close_idle)
    : socket_(socket),
      close_idle_(close_idle),
      buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)),
      capacity_(kBuffer) {}

Task<http::Progress> Input::read_head() {
  parser_.restart();
  auto progress = parser_.parse(unread());
  while (progress == http::Progress::incomplete) {
    const bool got_more = co_await read_more(/*is_idle=*/begin_ == end_);
    if (!got_more) break;
    progress = parser_.parse(unread());
  }
  co_return progress;
}

void Input::begin_body() {
  body_.restart(head().body);
  begin_ += head().size;
}

Task<bool> Input::next_piece(std::string_view& piece) {
  piece = {};
  while (!body_.done()) {
    const auto step = body_.take(unread());
    if (step.invalid) co_return false;
    begin_ += step.consumed;
    piece = step.piece;
    if (!piece.empty()) co_return true;
    if (step.consumed > 0 && begin_ < end_) continue;
    if (body_.done()) break;
    const bool got_more = co_await read_more(/*is_idle=*/false);
    if (!got_more) co_return false;
  }
  co_return true;
}

// Space behind the unread bytes: moves them to the front, or doubles the buffer for a large head.
bool Input::make_room() {
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

Task<bool> Input::read_more(bool is_idle) {
  if (!make_room()) co_return false;
  const auto room = boost::asio::buffer(buffer_.get() + end_, capacity_ - end_);
  std::size_t count = 0;
  if (is_idle && close_idle_.count() > 0) {
    using namespace boost::asio::experimental::awaitable_operators;
    Timer timer(socket_.get_executor(), close_idle_);
    const auto first = co_await (socket_.async_read_some(room, kAwait) || timer.async_wait(kAwait));
    if (const auto* read = std::get_if<0>(&first)) count = std::get<1>(*read);
  } else {
    const auto [error, received] = co_await socket_.async_read_some(room, kAwait);
    count = error ? 0 : received;
  }
  end_ += count;
  co_return count > 0;
}

}  // namespace sluice::backend
