// SPDX-License-Identifier: MIT
// What a table of rows ends with:
//
//   INSTANTIATE_TEST_SUITE_P(Hosts, Oracle, testing::ValuesIn(rows()), name_of);
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/oracle/outcome.h"
#include "tests/oracle/pair.h"

namespace sluice::tests::oracle {

class Oracle : public testing::TestWithParam<Pair> {};

inline std::string name_of(const testing::TestParamInfo<Pair>& info) {
  return info.param.name;
}

}  // namespace sluice::tests::oracle
