// SPDX-License-Identifier: MIT
// Loads a configuration that stands in the test itself, out of a folder that goes away again.
#pragma once

#include <string>
#include <string_view>

#include "confparse/load.h"

namespace sluice::confparse {

// A folder of configuration files; removed with its owner.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  // Writes a file; `name` may have folders of its own.  Returns its path.
  std::string write(const std::string& name, std::string_view text) const;
  [[nodiscard]] const std::string& path() const { return path_; }  // ends in a slash

 private:
  std::string path_;
};

// The strategies the tests know: round robin, ip_hash, hash KEY [consistent], fair, least_conn.
std::vector<StrategyRow> test_strategies();

// A request for this file, everything else as in the tests: prefix /prefix/, root.
LoadRequest request_for(const std::string& path);

Loaded load_text(std::string_view text, const std::string& global_directives = {});

// The text in `events { } http { … }`, on one line, so that lines stay what they are in the test.
Loaded load_http(std::string_view text);

// The settings of the text inside one `server { }`.
ServerBlock load_server(std::string_view text);

// The error that the text makes; fails the test when there is none.
ConfigError error_of(std::string_view text, const std::string& global_directives = {});

}  // namespace sluice::confparse
