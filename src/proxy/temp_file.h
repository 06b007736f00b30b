// SPDX-License-Identifier: MIT
// A file for bytes that do not fit into memory: an upload that is read before a peer is asked, an
// answer whose client is slow.  It has no name, so it vanishes with its descriptor whatever
// happens; only `client_body_in_file_only` asks for one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "net/descriptor.h"

namespace sluice::proxy {

class TempFile {
 public:
  enum class Name : std::uint8_t { none, until_closed, stays };

  TempFile() = default;
  TempFile(TempFile&&) = default;
  TempFile& operator=(TempFile&& other) noexcept;
  ~TempFile() { close(); }

  // Creates it in `folder`.  An error leaves it closed.
  std::error_code open(const std::string& folder, Name name = Name::none);
  [[nodiscard]] bool is_open() const { return static_cast<bool>(file_); }
  // Removes a name that was wanted until now.
  void close() {
    if (is_open()) {
      do_close();
    }
  }

  // Adds to the end: all of it, or with an error (a full disk) nothing.
  std::error_code append(std::string_view bytes);
  // Fills `into` from `offset` on: how many bytes were there.
  std::size_t read(std::uint64_t offset, std::span<char> into, std::error_code& error) const;
  // Begins again with nothing.
  std::error_code clear();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& path() const { return path_; }  // empty without a name

 private:
  void do_close();

  net::Descriptor file_;
  std::uint64_t size_ = 0;
  std::string path_;
  Name name_ = Name::none;
};

}  // namespace sluice::proxy
