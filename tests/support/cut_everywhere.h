// SPDX-License-Identifier: MIT
// Bytes arrive cut anywhere, and move in memory while more come.  Tests of parsers give their input
// in all these ways, in memory of exactly its size, so that the address sanitiser sees an overread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace sluice::tests {

// Bytes at an address of their own, with nothing behind them.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view text)
      : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

struct Cut {
  std::string_view first;
  std::string_view second;
};

// All ways to cut `text` in two, from nothing first to nothing second.  Views into `text`.
inline std::vector<Cut> cut_everywhere(std::string_view text) {
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i <= text.size(); ++i)
    cuts.push_back({text.substr(0, i), text.substr(i)});
  return cuts;
}

// Each byte by itself.  Views into `text`.
inline std::vector<std::string_view> byte_by_byte(std::string_view text) {
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  return bytes;
}

}  // namespace sluice::tests
