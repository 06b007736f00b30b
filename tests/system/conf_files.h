// SPDX-License-Identifier: MIT
// The files of conf/ as the tests run them: with ports that the system chose in place of theirs.
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/temp_folder.h"

namespace sluice::tests {

// "conf/tornado.conf" → its text.
inline std::string source_file(const std::string& name) {
  const char* root = std::getenv("SLUICE_SOURCE");
  if (root == nullptr) throw std::runtime_error("SLUICE_SOURCE is not set: run by meson test");
  return read_file(std::filesystem::path(root) / name);
}

// `text` with each `from` replaced.  Throws when there is none: then the file has changed.
inline std::string replaced(std::string text, std::string_view from, const std::string& to) {
  auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("no " + std::string(from) + " in " + text);
  for (; at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A file in front of these two servers; `parameters` are added to their lines.
inline std::string conf_for(const std::string& name, const std::string& first,
                            const std::string& second, const std::string& parameters = "") {
  std::string text = replaced(source_file(name), "listen 80;", "listen 127.0.0.1:0;");
  text = replaced(text, "127.0.0.1:8000", first + parameters);
  return replaced(text, "127.0.0.1:8001", second + parameters);
}

}  // namespace sluice::tests
