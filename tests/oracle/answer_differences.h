// SPDX-License-Identifier: MIT
// What is wanted to differ among the rows of answer_pairs.cc.
#pragma once

#include "tests/oracle/pair.h"

namespace sluice::tests::oracle {

Differences answer_differences();

}  // namespace sluice::tests::oracle
