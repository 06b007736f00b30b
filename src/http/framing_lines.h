// SPDX-License-Identifier: MIT
// The header lines that say how a body is framed, and llhttp's opinion of them.
#pragma once

#include <span>
#include <string_view>

#include "http/head.h"
#include "http/lines.h"

namespace sluice::http {

// What llhttp would read a body by.
constexpr bool frames(HeaderId id) {
  return id == HeaderId::content_length || id == HeaderId::transfer_encoding ||
         id == HeaderId::connection || id == HeaderId::upgrade;
}

// False when llhttp objects to `lines` of a head, ranges of `bytes` with their CR LF.
bool llhttp_agrees(std::string_view bytes, std::span<const Range> lines);

}  // namespace sluice::http
