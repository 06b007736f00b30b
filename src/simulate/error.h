// SPDX-License-Identifier: MIT
// The options and the configuration do not fit together: said in nginx's manner, nothing is run.
#pragma once

#include <stdexcept>

namespace sluice::simulate {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace sluice::simulate
