// SPDX-License-Identifier: MIT
// Statements become a tree of directives; `include` lines are left in it for the reader.
#pragma once

#include <memory>
#include <vector>

#include "confparse/directive.h"

namespace sluice::confparse {

// The top level of one file.  Throws ConfigError; blocks nest up to a fixed depth.
std::vector<Directive> parse(std::shared_ptr<const SourceFile> file);

}  // namespace sluice::confparse
