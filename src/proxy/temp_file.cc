// SPDX-License-Identifier: MIT
#include "proxy/temp_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "net/error.h"

namespace sluice::proxy {

TempFile& TempFile::operator=(TempFile&& other) noexcept {
  if (this != &other) {
    close();
    file_ = std::move(other.file_);
    size_ = std::exchange(other.size_, 0);
    path_ = std::exchange(other.path_, {});
    name_ = std::exchange(other.name_, Name::none);
  }
  return *this;
}

std::error_code TempFile::open(const std::string& folder, Name name) {
  close();
  if (name == Name::none) {
    file_ = net::Descriptor{::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    // Not every file system knows files without a name.
    if (file_ || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) {
      return file_ ? std::error_code{} : net::last_system_error();
    }
  }
  std::string path = folder + "/sluice-XXXXXX";
  file_ = net::Descriptor{::mkostemp(path.data(), O_CLOEXEC)};
  if (!file_) {
    return net::last_system_error();
  }
  if (name == Name::none) {
    ::unlink(path.c_str());
  } else {
    path_ = std::move(path);
    name_ = name;
  }
  return {};
}

void TempFile::do_close() {
  if (name_ == Name::until_closed) {
    ::unlink(path_.c_str());
  }
  file_.reset();
  size_ = 0;
  path_.clear();
  name_ = Name::none;
}

std::error_code TempFile::append(std::string_view bytes) {
  const std::uint64_t before = size_;
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      const std::error_code error =
          put < 0 ? net::last_system_error() : std::make_error_code(std::errc::no_space_on_device);
      size_ = before;
      return error;
    }
    size_ += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

std::size_t TempFile::read(std::uint64_t offset, std::span<char> into,
                           std::error_code& error) const {
  for (;;) {
    const ssize_t got = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EINTR) {
      error = net::last_system_error();
      return 0;
    }
  }
}

std::error_code TempFile::clear() {
  size_ = 0;
  return ::ftruncate(file_.get(), 0) == 0 ? std::error_code{} : net::last_system_error();
}

}  // namespace sluice::proxy
