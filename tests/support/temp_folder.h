// SPDX-License-Identifier: MIT
// A folder of the test's own, gone with all that is in it when the object goes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sluice::tests {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // The path of a file in it, which need not exist.
  [[nodiscard]] std::string file(std::string_view name) const { return path_ / name; }
  // Writes a file, with the folders on the way to it, and returns its path.
  std::string write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

// The whole file; empty when it cannot be read.
std::string read_file(const std::filesystem::path& path);
// A log's text once it has that many lines: logs are written beside what they tell of.
std::string wait_for_lines(const std::filesystem::path& path, std::ptrdiff_t count);

}  // namespace sluice::tests
