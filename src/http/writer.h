// SPDX-License-Identifier: MIT
// A head is put together in memory the caller owns, canonically: "Name: value\r\n".
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace sluice::http {

// Appends to a fixed buffer.  When it does not fit, nothing more is written and overflowed() says
// so: the caller takes a larger buffer and begins again.
class HeadWriter {
 public:
  explicit HeadWriter(std::span<char> buffer) : buffer_(buffer) {}

  void text(std::string_view bytes) {
    if (bytes.size() > buffer_.size() - size_) {
      overflowed_ = true;
      return;
    }
    std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void number(std::uint64_t value);  // decimal
  void header(std::string_view name, std::string_view value) {
    text(name);
    text(": ");
    text(value);
    text("\r\n");
  }
  void end() { text("\r\n"); }

  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] std::string_view written() const { return {buffer_.data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::span<char> buffer_;
  std::size_t size_ = 0;
  bool overflowed_ = false;
};

// "200 OK", "404 Not Found"; an unknown status gets its number alone.
std::string_view status_line(std::uint16_t status);

// The size line of a chunk, "1f4\r\n", written into `into`.
std::string_view chunk_size_line(std::uint64_t size, std::span<char, 24> into);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace sluice::http
