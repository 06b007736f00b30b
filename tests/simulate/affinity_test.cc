// SPDX-License-Identifier: MIT
// Who stays with a peer, and who moves: against an obvious model of ip_hash.
#include <map>

#include "tests/simulate/simulation.h"
#include "tests/support/temp_folder.h"

namespace sluice::simulate {
namespace {

constexpr int kClients = 200;

int octet(int client) {
  return client * 37 % 256;
}

// 10.<n>.<37 n>.1: one a line.
std::string client_lines() {
  std::string lines;
  for (int client = 0; client < kClients; ++client) {
    lines += "10." + std::to_string(client) + "." + std::to_string(octet(client)) + ".1\n";
  }
  return lines;
}

// nginx's ip_hash over so many peers of weight 1; `down` may not be asked.
int model_home(int client, int peers, int down = -1) {
  int hash = 89;
  for (;;) {
    for (const int byte : {10, client, octet(client)}) {
      hash = (hash * 113 + byte) % 6271;
    }
    if (hash % peers != down) {
      return hash % peers;
    }
  }
}

int count_moved(int peers_before, int peers_after) {
  int moved = 0;
  for (int client = 0; client < kClients; ++client) {
    moved += model_home(client, peers_before) != model_home(client, peers_after) ? 1 : 0;
  }
  return moved;
}

int count_at(int peer) {
  int count = 0;
  for (int client = 0; client < kClients; ++client) {
    count += model_home(client, 3) == peer ? 1 : 0;
  }
  return count;
}

class IpHash : public testing::Test {
 protected:
  IpHash() : app_("ip_hash", peers({1, 1, 1})) {
    for (auto& server : app_.upstreams.front().servers) {
      server.fail_timeout = std::chrono::seconds{1};
    }
  }

  // Every client in turn, one at a time.
  nlohmann::json run(const std::string& line) {
    Words words = words_of("--concurrency 1 " + line);
    words.insert(words.end(), {"--clients", clients_});
    return app_.json(words)["methods"][0];
  }

  tests::TempFolder folder_;
  std::string clients_ = folder_.write("clients", client_lines());
  Simulation app_;
};

TEST_F(IpHash, SendsEachClientWhereTheModelDoes) {
  std::string picks;
  for (int client = 0; client < 60; ++client) {
    picks += static_cast<char>('A' + model_home(client, 3));
  }
  const auto result = run("--requests 200");
  EXPECT_EQ(result["first_picks"], picks);
  for (int peer = 0; peer < 3; ++peer) {
    EXPECT_EQ(result["peers"][static_cast<std::size_t>(peer)]["answered"], count_at(peer));
  }
}

TEST_F(IpHash, MovesOnlyTheClientsOfThePeerThatWentAndMovesThemBack) {
  // Five seconds: the peer is back 0.4 s after the start, and asked again after its rest.
  const auto result = run("--requests 5000 --down B@200-400");
  const auto& affinity = result["affinity"];
  EXPECT_EQ(affinity["of"], "clients");
  EXPECT_EQ(affinity["count"], kClients);
  ASSERT_EQ(affinity["moved"].size(), 2U);
  const auto& went = affinity["moved"][0];
  EXPECT_EQ(went["because"][0]["event"], "down");
  EXPECT_EQ(went["because"][0]["peer"], "10.0.0.2:80");
  EXPECT_EQ(went["because"][0]["request"], 200);
  EXPECT_EQ(went["seen"], kClients);
  EXPECT_EQ(went["moved"], count_at(1));
  EXPECT_EQ(went["forced"], count_at(1));
  const auto& came = affinity["moved"][1];
  EXPECT_EQ(came["because"][0]["event"], "up");
  EXPECT_EQ(came["moved"], count_at(1));
  EXPECT_EQ(came["forced"], 0);
  EXPECT_EQ(affinity["returning"], 5000 - kClients);
  EXPECT_EQ(affinity["stayed"], 5000 - kClients - 2 * count_at(1));
}

TEST_F(IpHash, GoesOnWithTheHashForTheClientsOfThePeerThatWent) {
  std::map<int, int> wanted;
  for (int client = 0; client < kClients; ++client) {
    ++wanted[model_home(client, 3)];
    ++wanted[model_home(client, 3, 1)];
  }
  const auto result = run("--requests 400 --down B@200-");
  for (const int peer : {0, 1, 2}) {
    EXPECT_EQ(result["peers"][static_cast<std::size_t>(peer)]["answered"], wanted[peer]);
  }
}

TEST_F(IpHash, TellsWhatAnotherConfigurationWouldMove) {
  const auto changes = run("--requests 200")["affinity"]["configuration_changes"];
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0]["configuration"], "without 10.0.0.3:80");  // the last, its order is kept
  EXPECT_EQ(changes[0]["moved"], count_moved(3, 2));
  EXPECT_EQ(changes[0]["least"], count_at(2));
  EXPECT_EQ(changes[1]["configuration"], "with one more server");
  EXPECT_EQ(changes[1]["moved"], count_moved(3, 4));
  EXPECT_EQ(changes[1]["least"], kClients / 4);
}

TEST_F(IpHash, MovesClientsToAPeerThatWasNotThereYet) {
  const auto result = run("--requests 5000 --down C@0-300");
  const auto& moved = result["affinity"]["moved"];
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0]["because"][0]["event"], "up");
  EXPECT_EQ(moved[0]["moved"], count_at(2));
}

TEST(Affinity, IsOfUrisClientsOrBoth) {
  const auto of = [](const std::string& method) {
    const auto all = Simulation{method, peers({1, 1})}.json(Words{"--requests", "200"});
    const auto affinity = all["methods"][0]["affinity"];
    return affinity.is_null() ? "nobody" : affinity["of"].get<std::string>();
  };
  EXPECT_EQ(of("round_robin"), "nobody");
  EXPECT_EQ(of("least_conn"), "nobody");
  EXPECT_EQ(of("hash $request_uri"), "URIs");
  EXPECT_EQ(of("hash $host$uri consistent"), "URIs");
  EXPECT_EQ(of("hash $arg_id"), "URIs");
  EXPECT_EQ(of("hash $binary_remote_addr"), "clients");
  EXPECT_EQ(of("hash $cookie_id"), "clients");
  EXPECT_EQ(of("hash ${remote_addr}-$uri"), "keys");
}

TEST(Affinity, OfAllKnownIsPerfectWithoutTrouble) {
  for (const char* method : {"ip_hash", "hash $request_uri", "hash $remote_addr$uri consistent"}) {
    const Simulation app{method, peers({1, 2, 3})};
    const auto affinity = app.json(Words{"--requests", "5000"})["methods"][0]["affinity"];
    EXPECT_GT(affinity["returning"], 0);
    EXPECT_EQ(affinity["stayed"], affinity["returning"]) << method;
  }
}

TEST(Affinity, OfConsistentHashingMovesFewUrisWhenAServerIsAdded) {
  const auto moved = [](const std::string& method) {
    const auto all = Simulation{method, peers({1, 1, 1})}.json(Words{"--requests", "100"});
    return all["methods"][0]["affinity"]["configuration_changes"][1]["moved"].get<int>();
  };
  EXPECT_GT(moved("hash $request_uri"), 700);
  EXPECT_LT(moved("hash $request_uri consistent"), 350);
}

TEST(Affinity, FollowsThePartsOfTheUri) {
  const tests::TempFolder folder;
  const std::string uris =
      folder.write("uris", "/a?id=1\n/b?id=1\n/c?x=2&id=1\n/d?xid=5&id=1&y\n/e?id=1#\n");
  const auto first_picks = [&](const std::string& method) -> std::string {
    const Simulation app{method, peers({1, 1, 1, 1, 1})};
    return app.json(Words{"--uris", uris, "--requests", "4"})["methods"][0]["first_picks"];
  };
  const std::string same = first_picks("hash $arg_id");
  EXPECT_EQ(same, std::string(4, same[0]));
  EXPECT_EQ(first_picks("hash $args").substr(0, 2), std::string(2, first_picks("hash $args")[0]));
}

}  // namespace
}  // namespace sluice::simulate
