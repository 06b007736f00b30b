// SPDX-License-Identifier: MIT
// Parts of a content: what a Range header asks for (RFC 9110, section 14), read as nginx reads it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::http {

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // behind the last byte

  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  bool operator==(const ByteRange&) const = default;
};

enum class Asked : std::uint8_t {
  whole,  // no ranges, too many, or more bytes together than there are: overlaps
  parts,
  unsatisfiable,  // 416
};

// What the value of a Range header asks for of a content of this size.  `ranges` are the parts, in
// the order asked for; whatever was in it is forgotten.
Asked read_ranges(std::string_view value, std::uint64_t size, std::uint64_t most,
                  std::vector<ByteRange>& ranges);

// "bytes 2-4/11"; for no range "bytes */11".
std::string content_range(const ByteRange* range, std::uint64_t size);

// Several parts in one body: multipart/byteranges (RFC 9110, section 14.6).
class MultipartRanges {
 public:
  // `content_type` and `boundary` have to stay.  The boundary must not be in the content.
  MultipartRanges(std::string_view content_type, std::string_view boundary, std::uint64_t size)
      : content_type_(content_type), boundary_(boundary), size_(size) {}

  [[nodiscard]] std::string content_type() const;
  // Of the whole body.
  [[nodiscard]] std::uint64_t length(std::span<const ByteRange> ranges) const;
  // What stands in front of a part's bytes, and behind the last part.
  void append_head(std::string& out, const ByteRange& range) const;
  void append_end(std::string& out) const;

 private:
  std::string_view content_type_;
  std::string_view boundary_;
  std::uint64_t size_;
};

}  // namespace sluice::http
