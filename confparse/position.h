// SPDX-License-Identifier: MIT
// Where a word of the configuration stands, kept through includes so that an error found much
// later (a regex that does not compile, a port in use) can still show its line.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::confparse {

// One configuration file as it was read.
struct SourceFile {
  std::string path;  // as nginx prints it: absolute, or as the include named it
  std::string text;
};

// The path of what `-g` says: nginx names no line there.
inline constexpr std::string_view kCommandLine = "command line";

struct Position {
  std::shared_ptr<const SourceFile> file;  // null: built in; path kCommandLine: from -g
  std::uint32_t line = 0;                  // from 1
  std::uint32_t column = 0;                // from 1, in bytes
  std::uint32_t length = 1;                // of the word, for the underline
};

}  // namespace sluice::confparse
