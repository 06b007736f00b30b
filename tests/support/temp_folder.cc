// SPDX-License-Identifier: MIT
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/support/deadline.h"

namespace sluice::tests {

TempFolder::TempFolder() {
  std::string name = std::filesystem::temp_directory_path() / "sluice-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(std::string_view name, std::string_view text) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
  return path;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string wait_for_lines(const std::filesystem::path& path, std::ptrdiff_t count) {
  const Deadline deadline;
  std::string text = read_file(path);
  while (std::ranges::count(text, '\n') < count && !deadline.passed()) {
    std::this_thread::yield();
    text = read_file(path);
  }
  return text;
}

}  // namespace sluice::tests
