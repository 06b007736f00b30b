// SPDX-License-Identifier: MIT
// What stands between the chunks of a body: size lines, extensions, line ends, trailers.
//
// Not llhttp: version 8.1 takes a bare LF for a line end, blanks before a size and any byte in an
// extension, and none of this can be told from outside; requests are smuggled with just these.  It
// also walks through content byte by byte, which belongs in one view.  RFC 9112, section 7.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::http {

class ChunkFraming {
 public:
  // Extensions of one chunk are read, checked and dropped, up to this size; the trailer section
  // too, unless somebody keeps it.
  static constexpr std::uint32_t kMaxExtensions = 1024;
  static constexpr std::uint32_t kMaxTrailers = 8192;

  // Reads up to the next byte of content, or the end of the body, or all of `bytes`.  To be called
  // again when the caller has seen `content` bytes of content after those consumed.
  struct Step {
    std::size_t consumed = 0;
    std::uint64_t content = 0;
    bool invalid = false;  // stays so
  };
  Step take(std::string_view bytes);

  [[nodiscard]] bool done() const { return expects_ == Expects::nothing; }

  // The trailer section is appended to this: checked lines with their CR LF, without the blank one.
  void keep_trailers(std::string* into) { trailers_ = into; }

 private:
  enum class Expects : std::uint8_t {
    first_digit,
    size,  // a digit, an extension or the end of the line
    extension_name,
    extension_name_rest,
    extension_value,
    token_rest,
    quoted,
    quoted_pair,
    after_quoted,
    size_lf,
    content,  // has come: its line end
    content_lf,
    trailer,  // a trailer, or the blank line
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    nothing,
    failure,
  };

  [[nodiscard]] Expects after(char byte);
  [[nodiscard]] Expects after_digit(char byte);
  [[nodiscard]] Expects after_size_token(char byte) const;
  [[nodiscard]] Expects in_extension(char byte);
  [[nodiscard]] Expects in_trailer(char byte);

  Expects expects_ = Expects::first_digit;
  std::uint8_t digits_ = 0;
  std::uint32_t dropped_ = 0;  // bytes of extensions or trailers
  std::uint64_t size_ = 0;
  std::string* trailers_ = nullptr;
};

}  // namespace sluice::http
