// SPDX-License-Identifier: MIT
// The header lines of a head become names and values; llhttp does that.
#pragma once

#include <span>
#include <string_view>

#include "http/head.h"
#include "http/lines.h"

namespace sluice::http {

// Adds the headers of `section`, which reaches from the first header line to the blank line
// included, but for the lines in `left_out` (ranges within `section`, in order, with their CR LF).
// False when llhttp objects.  Adds views into `section`.
bool read_fields(std::string_view section, std::span<const Range> left_out, Headers& headers);

}  // namespace sluice::http
