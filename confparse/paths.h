// SPDX-License-Identifier: MIT
// Relative paths of the configuration and the folders they start from.
#pragma once

#include <string>
#include <string_view>

namespace sluice::confparse {

// `/etc/nginx/` of `/etc/nginx/nginx.conf`; `./` when there is no slash.
inline std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "./" : std::string(path.substr(0, slash + 1));
}

// `path` itself when absolute, else below `folder`.
inline std::string full_path(std::string_view path, std::string_view folder) {
  if (path.starts_with('/')) {
    return std::string(path);
  }
  std::string full(folder);
  if (!full.empty() && full.back() != '/') {
    full += '/';
  }
  return full.append(path);
}

}  // namespace sluice::confparse
