// SPDX-License-Identifier: MIT
#include "app/environment.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace sluice::app {
namespace {

using testing::ElementsAre;

TEST(Environment, IsWhatWasChosen) {
  ::setenv("SLUICE_TEST_KEPT", "here", 1);
  ::unsetenv("SLUICE_TEST_MISSING");
  ::setenv("TZ", "UTC", 1);
  EXPECT_THAT(chosen_environment({"SLUICE_TEST_KEPT", "SLUICE_TEST_MISSING", "OWN=a=b"}),
              ElementsAre("SLUICE_TEST_KEPT=here", "OWN=a=b", "TZ=UTC"));
  EXPECT_THAT(chosen_environment({"TZ=Asia/Tokyo"}), ElementsAre("TZ=Asia/Tokyo"));
  ::unsetenv("TZ");
  EXPECT_THAT(chosen_environment({}), ElementsAre());
}

}  // namespace
}  // namespace sluice::app
