// SPDX-License-Identifier: MIT
// How bodies travel through: held back or passed on, in memory or in a file, and how fast.
#pragma once

#include <cstdint>
#include <optional>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// A size that only has to go with others.
struct CheckedSize {
  std::uint64_t bytes = 0;
  Position position;
};

enum class BodyInFile : std::uint8_t { off, on, clean };

// Inherited by inner blocks.
struct TransferSettings {
  // Answers.
  bool buffering = true;                            // proxy_buffering
  std::uint32_t buffers = 8;                        // proxy_buffers: how many,
  std::uint64_t buffer_size = 4096;                 // and how large each
  std::optional<CheckedSize> busy_buffers_size;     // proxy_busy_buffers_size
  std::optional<CheckedSize> temp_file_write_size;  // proxy_temp_file_write_size
  std::uint64_t max_temp_file_size = std::uint64_t{1} << 30;
  Position max_temp_file_size_position;
  Text temp_path{"/tmp", {}};  // proxy_temp_path, absolute
  Text limit_rate{"0", {}};    // bytes a second; 0: no limit
  Text limit_rate_after{"0", {}};
  Text proxy_limit_rate{"0", {}};
  bool ignore_client_abort = false;  // proxy_ignore_client_abort
  // Uploads.
  bool request_buffering = true;  // proxy_request_buffering
  std::uint64_t client_body_buffer_size = 16384;
  Text client_body_temp_path{"/tmp", {}};  // absolute
  BodyInFile body_in_file_only = BodyInFile::off;
};

}  // namespace sluice::confparse
