// SPDX-License-Identifier: MIT
#include "net/error.h"

#include <cerrno>
#include <string>

namespace sluice::net {
namespace {

class Category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "sluice.net"; }
  [[nodiscard]] std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::would_block:
        return "would block";
      case Errc::end_of_stream:
        return "connection closed";
      case Errc::timed_out:
        return "timed out";
      case Errc::cancelled:
        return "cancelled";
    }
    return "unknown";
  }
};

constinit const Category instance;

}  // namespace

constinit const std::error_category& our_category = instance;

std::error_code last_system_error() {
  return {errno, std::system_category()};
}

}  // namespace sluice::net
