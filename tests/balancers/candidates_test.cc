// SPDX-License-Identifier: MIT
#include "balancers/candidates.h"

#include <gtest/gtest.h>

namespace sluice::balancers {
namespace {

std::vector<Candidates::Index> listed(const Candidates& candidates) {
  std::vector<Candidates::Index> list;
  candidates.for_each([&](Candidates::Index index) { list.push_back(index); });
  return list;
}

TEST(Candidates, AreVisitedInConfigurationOrder) {
  Candidates candidates;
  candidates.reset(200);
  for (const Candidates::Index index : {199u, 0u, 64u, 63u, 64u}) {
    candidates.add(index);
  }
  EXPECT_EQ(candidates.count(), 4u);
  EXPECT_EQ(listed(candidates), (std::vector<Candidates::Index>{0, 63, 64, 199}));
}

TEST(Candidates, AreForgottenByAReset) {
  Candidates candidates;
  candidates.reset(3);
  candidates.add(1);
  candidates.reset(3);
  EXPECT_TRUE(candidates.empty());
  EXPECT_FALSE(candidates.contains(1));
}

TEST(Candidates, AreFoundGoingRoundFromAnyStart) {
  for (Candidates::Index only = 0; only < 130; ++only) {
    Candidates candidates;
    candidates.reset(130);
    candidates.add(only);
    for (Candidates::Index start = 0; start < 130; ++start) {
      ASSERT_EQ(candidates.first_from(start), only) << start;
    }
  }
}

TEST(Candidates, AreFoundFromTheStartFirst) {
  Candidates candidates;
  candidates.reset(130);
  candidates.add(2);
  candidates.add(70);
  EXPECT_EQ(candidates.first_from(2), 2u);
  EXPECT_EQ(candidates.first_from(3), 70u);
  EXPECT_EQ(candidates.first_from(71), 2u);
}

}  // namespace
}  // namespace sluice::balancers
