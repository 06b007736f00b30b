// SPDX-License-Identifier: MIT
#include "balancers/crc32.h"

#include <gtest/gtest.h>

namespace sluice::balancers {
namespace {

static_assert(Crc32{}.value() == 0);

TEST(Crc32, GivesTheCheckValueOfItsCatalogue) {
  EXPECT_EQ(Crc32{}.add("123456789").value(), 0xCBF43926u);
}

TEST(Crc32, GoesOnFromWhereItWasCopied) {
  const Crc32 beginning = Crc32{}.add("12345");
  EXPECT_EQ(Crc32{beginning}.add("6789").value(), 0xCBF43926u);
  EXPECT_EQ(Crc32{beginning}.add("").value(), Crc32{}.add("12345").value());
}

}  // namespace
}  // namespace sluice::balancers
