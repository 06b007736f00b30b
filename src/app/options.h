// SPDX-License-Identifier: MIT
// The command line, as nginx has it.
#pragma once

#include <optional>
#include <string>

namespace sluice::app {

struct Options {
  bool help = false;                     // -? -h
  bool version = false;                  // -v
  bool version_and_build = false;        // -V
  bool test = false;                     // -t
  bool dump = false;                     // -T
  bool quiet = false;                    // -q
  std::string signal;                    // -s stop|quit|reopen|reload; empty: none
  std::optional<std::string> prefix;     // -p
  std::optional<std::string> error_log;  // -e
  std::optional<std::string> file;       // -c
  std::string directives;                // -g
  bool rules = false;                    // --rules: print every directive, for docs/DIRECTIVES.md
};

struct ParsedOptions {
  Options options;
  std::string error;  // in nginx's words; empty: all is well
};

ParsedOptions parse_options(int argc, char** argv);

std::string help_text();
std::string version_text();            // -v: what tools parse
std::string version_and_build_text();  // -V

}  // namespace sluice::app
