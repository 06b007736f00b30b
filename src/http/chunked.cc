// SPDX-License-Identifier: MIT
#include "http/chunked.h"

#include "http/characters.h"

namespace sluice::http {

namespace {

constexpr std::uint8_t kMaxDigits = 16;

}  // namespace

ChunkFraming::Step ChunkFraming::take(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (expects_ == Expects::nothing) return {i, 0, false};
    expects_ = after(bytes[i]);
    if (expects_ == Expects::failure) return {i, 0, true};
    if (expects_ == Expects::content) return {i + 1, size_, false};
  }
  return {bytes.size(), 0, expects_ == Expects::failure};
}

ChunkFraming::Expects ChunkFraming::after(char byte) {
  switch (expects_) {
    case Expects::first_digit:
      size_ = 0;
      digits_ = 0;
      dropped_ = 0;
      return after_digit(byte);
    case Expects::size:
      if (hex_value(byte) >= 0) return after_digit(byte);
      return after_size_token(byte);
    case Expects::size_lf:
      if (byte != '\n') return Expects::failure;
      dropped_ = 0;
      return size_ == 0 ? Expects::trailer : Expects::content;
    case Expects::content:
      return byte == '\r' ? Expects::content_lf : Expects::failure;
    case Expects::content_lf:
      return byte == '\n' ? Expects::first_digit : Expects::failure;
    case Expects::trailer:
    case Expects::trailer_name:
    case Expects::trailer_value:
    case Expects::trailer_lf:
      return in_trailer(byte);
    case Expects::last_lf:
      return byte == '\n' ? Expects::nothing : Expects::failure;
    case Expects::nothing:
    case Expects::failure:
      return expects_;
    default:
      return in_extension(byte);
  }
}

// Sizes above 2^63 - 1 are no file offsets any more; nobody means them.
ChunkFraming::Expects ChunkFraming::after_digit(char byte) {
  const int digit = hex_value(byte);
  if (digit < 0 || ++digits_ > kMaxDigits) return Expects::failure;
  size_ = size_ << 4 | static_cast<std::uint64_t>(digit);
  return size_ >> 63 == 0 ? Expects::size : Expects::failure;
}

// Behind a size, or a whole extension.
ChunkFraming::Expects ChunkFraming::after_size_token(char byte) const {
  if (byte == ';') return Expects::extension_name;
  return byte == '\r' ? Expects::size_lf : Expects::failure;
}

// ";name", ";name=token" or ";name=\"quoted\"", without blanks: RFC 9112 lets a recipient read over
// blanks here, but those who send them are not browsers.
ChunkFraming::Expects ChunkFraming::in_extension(char byte) {
  if (++dropped_ > kMaxExtensions) return Expects::failure;
  switch (expects_) {
    case Expects::extension_name:
      return is_token(byte) ? Expects::extension_name_rest : Expects::failure;
    case Expects::extension_name_rest:
      if (byte == '=') return Expects::extension_value;
      return is_token(byte) ? expects_ : after_size_token(byte);
    case Expects::extension_value:
      if (byte == '"') return Expects::quoted;
      return is_token(byte) ? Expects::token_rest : Expects::failure;
    case Expects::token_rest:
      return is_token(byte) ? expects_ : after_size_token(byte);
    case Expects::quoted:
      if (byte == '"') return Expects::after_quoted;
      if (byte == '\\') return Expects::quoted_pair;
      return is_control(byte) ? Expects::failure : Expects::quoted;
    case Expects::quoted_pair:
      return is_control(byte) ? Expects::failure : Expects::quoted;
    default:
      return after_size_token(byte);
  }
}

ChunkFraming::Expects ChunkFraming::in_trailer(char byte) {
  if (expects_ == Expects::trailer && byte == '\r') return Expects::last_lf;
  if (++dropped_ > kMaxTrailers) return Expects::failure;
  if (trailers_ != nullptr) trailers_->push_back(byte);
  switch (expects_) {
    case Expects::trailer:
      return is_token(byte) ? Expects::trailer_name : Expects::failure;
    case Expects::trailer_name:
      if (byte == ':') return Expects::trailer_value;
      return is_token(byte) ? expects_ : Expects::failure;
    case Expects::trailer_value:
      if (byte == '\r') return Expects::trailer_lf;
      return is_control(byte) ? Expects::failure : expects_;
    default:
      return byte == '\n' ? Expects::trailer : Expects::failure;
  }
}

}  // namespace sluice::http
