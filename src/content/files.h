// SPDX-License-Identifier: MIT
// A path below `root` becomes an open file, or the reason why not.  What nginx's static and index
// modules do, without directory listings.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "confparse/settings/location.h"
#include "net/descriptor.h"

namespace sluice::content {

struct Opened {
  // 200: `file` is open.  301: a directory asked for without its final slash.  403, 404, 500 as
  // nginx gives them; `trouble` is then for the error log, empty when nobody needs to know.
  std::uint16_t status = 404;
  net::Descriptor file;
  std::uint64_t size = 0;
  std::time_t modified = 0;
  std::string_view type;  // valid as long as the settings
  std::string trouble;
};

// `path` is the normalised path of a request.  One that ends in a slash has no index file, or the
// request would have gone there: 403.
Opened open_file(const confparse::CoreSettings& settings, std::string_view path);

// The first of the `index` files that is there, for a path that ends in a slash; nullptr: none.
const std::string* find_index(const confparse::CoreSettings& settings, std::string_view path);

// For try_files: is this path, below root, a file, or a folder when one is wanted?
bool exists(const confparse::CoreSettings& settings, std::string_view path, bool is_folder);

// "text/html" for "a/b.html"; by `types`, else `default_type`.
std::string_view type_of(const confparse::CoreSettings& settings, std::string_view path);

// `"5f3c-1a2b"`: nginx's, made of time and size.
std::string entity_tag(std::time_t modified, std::uint64_t size);

}  // namespace sluice::content
