// SPDX-License-Identifier: MIT
// Does sluice do what nginx does?  The rows are in *_pairs.cc.
#include "tests/oracle/oracle.h"

#include <cstdlib>

#include "tests/oracle/servers.h"

namespace sluice::tests::oracle {
namespace {

// Is there a line of docs/COMPATIBILITY.md that begins so, be it a row, a heading or a sentence?
bool is_documented(const std::string& entry) {
  const char* source = std::getenv("SLUICE_SOURCE");
  const std::string page = read_file(std::string(source) + "/docs/COMPATIBILITY.md");
  for (const std::string begin : {"\n| ", "\n#", "\n"}) {
    if (!entry.empty() && page.find(begin + entry) != std::string::npos) return true;
  }
  return false;
}

TEST_P(Oracle, AgreesWithNginx) {
  const Pair& pair = GetParam();
  Servers& servers = servers_for(pair.configuration);
  const std::string nginx = servers.nginx().outcome(pair);
  const std::string sluice = servers.sluice().outcome(pair);
  if (!pair.documented) {
    EXPECT_EQ(sluice, nginx) << "the first is sluice's, the second nginx's";
    return;
  }
  EXPECT_TRUE(is_documented(pair.documented->entry)) << pair.documented->entry;
  EXPECT_EQ(nginx, pair.documented->nginx) << "nginx";
  EXPECT_EQ(sluice, pair.documented->sluice) << "sluice";
  EXPECT_NE(nginx, sluice) << "no difference any more: strike it";
}

class EndsAllServers final : public testing::Environment {
 public:
  void TearDown() override { end_all_servers(); }
};

const auto* const kEnds = testing::AddGlobalTestEnvironment(new EndsAllServers);

}  // namespace
}  // namespace sluice::tests::oracle
