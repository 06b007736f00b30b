// SPDX-License-Identifier: MIT
#include "content/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace sluice::content {
namespace {

std::string system_error_text(int number) {
  return "(" + std::to_string(number) + ": " + std::strerror(number) + ")";
}

Opened not_opened(int error, const std::string& path) {
  Opened opened;
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      opened.status = 404;
      break;
    case EACCES:
      opened.status = 403;
      break;
    default:
      opened.status = 500;
  }
  opened.trouble = "open() \"" + path + "\" failed " + system_error_text(error);
  return opened;
}

Opened open_path(const confparse::CoreSettings& settings, const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not hang the worker.
  net::Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file) {
    return not_opened(errno, path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return not_opened(errno, path);
  }
  Opened opened;
  if (S_ISDIR(status.st_mode)) {
    opened.status = 301;
    return opened;
  }
  if (!S_ISREG(status.st_mode)) {
    opened.trouble = "\"" + path + "\" is not a regular file";
    return opened;
  }
  opened.status = 200;
  opened.file = std::move(file);
  opened.size = static_cast<std::uint64_t>(status.st_size);
  opened.modified = status.st_mtime;
  opened.type = type_of(settings, path);
  return opened;
}

void append_hex(std::string& out, std::uint64_t value) {
  char digits[16];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value, 16);
  out.append(digits, end);
}

}  // namespace

Opened open_file(const confparse::CoreSettings& settings, std::string_view path) {
  std::string full = settings.root;
  full.append(path);
  if (!path.ends_with('/')) {
    return open_path(settings, full);
  }
  struct stat status {};
  if (::stat(full.c_str(), &status) != 0) {
    return not_opened(errno, full);
  }
  Opened forbidden;
  forbidden.status = 403;
  forbidden.trouble = "directory index of \"" + full + "\" is forbidden";
  return forbidden;
}

const std::string* find_index(const confparse::CoreSettings& settings, std::string_view path) {
  for (const std::string& index : settings.index) {
    const std::string name = index.starts_with('/') ? index : std::string{path} + index;
    if (exists(settings, name, false)) {
      return &index;
    }
  }
  return nullptr;
}

bool exists(const confparse::CoreSettings& settings, std::string_view path, bool is_folder) {
  std::string full = settings.root;
  full.append(path);
  struct stat status {};
  if (::stat(full.c_str(), &status) != 0) {
    return false;
  }
  return is_folder ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode);
}

std::string_view type_of(const confparse::CoreSettings& settings, std::string_view path) {
  const std::size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  const std::size_t dot = path.rfind('.');
  if (settings.types == nullptr || dot == std::string_view::npos || dot < name) {
    return settings.default_type;
  }
  std::string extension{path.substr(dot + 1)};
  std::ranges::transform(extension, extension.begin(), [](unsigned char letter) {
    return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
  });
  const auto known = settings.types->find(extension);
  return known == settings.types->end() ? std::string_view{settings.default_type}
                                        : std::string_view{known->second};
}

std::string entity_tag(std::time_t modified, std::uint64_t size) {
  std::string tag{"\""};
  append_hex(tag, static_cast<std::uint64_t>(modified));
  tag.push_back('-');
  append_hex(tag, size);
  tag.push_back('"');
  return tag;
}

}  // namespace sluice::content
