// SPDX-License-Identifier: MIT
// Any bytes as a path: what comes out has no dot segment left, begins with a slash, and escaped and
// read again is the same.  Any bytes as a host: what comes out is a host, and the same again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/uri.h"
#include "tests/fuzz/require.h"
#include "tests/support/cut_everywhere.h"

namespace {

using namespace sluice;
using tests::require;

void judge_path(std::string_view path, bool merge_slashes) {
  std::string storage;
  const std::string_view normal = http::normalise_path(path, merge_slashes, storage);
  if (normal.empty()) return;
  require(normal.starts_with('/') && normal.size() <= path.size());
  require(normal.find('\0') == std::string_view::npos);
  const std::string closed = std::string{normal} + "/";
  require(closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos);
  if (merge_slashes) require(normal.find("//") == std::string_view::npos);

  std::string escaped;
  http::append_escaped_path(normal, escaped);
  std::string again;
  require(http::normalise_path(escaped, merge_slashes, again) == normal);
}

void judge_host(std::string_view host) {
  std::string storage;
  const std::string normal{http::normalise_host(host, storage)};
  require(http::is_host(host) == !normal.empty());
  if (normal.empty()) return;
  require(normal.size() <= host.size());
  std::string again;
  require(http::normalise_host(normal, again) == normal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const tests::ExactCopy copy{{reinterpret_cast<const char*>(bytes), size}};
  const std::string_view text = copy.view();
  const http::Target target = http::split_target(text);
  judge_path(target.path, true);
  judge_path(target.path, false);
  judge_path(text, true);
  judge_host(text);
  return 0;
}
