// SPDX-License-Identifier: MIT
// Does sluice pick whom nginx picks?  Both are asked in lockstep, on a clock that the test sets;
// what happens is drawn by lot, the same in each run.
#include <iostream>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "tests/oracle/picks.h"
#include "tests/oracle/picks_lockstep.h"

namespace sluice::tests::oracle {
namespace {

std::size_t picks_compared = 0;
std::size_t rows_compared = 0;

// What happens to one row.
class Story {
 public:
  explicit Story(const PicksRow& row) : row_(row), lockstep_(row.upstream, row.location) {}

  void tell() {
    for (int asked = 0; asked < row_.requests && !testing::Test::HasFailure();) {
      if (row_.peers_fail && one_in(12)) change_mood();
      if (row_.time_passes && one_in(8)) pass_time();
      if (lockstep_.held() > 0 && row_.releases && one_in(3)) release();
      if (!testing::Test::HasFailure()) ask();
      ++asked;
    }
    while (lockstep_.held() > 0 && !testing::Test::HasFailure()) release();
    ++rows_compared;
  }

 private:
  std::size_t number_below(std::size_t end) { return random_() % end; }
  bool one_in(std::size_t many) { return number_below(many) == 0; }

  void change_mood() {
    PickPeers& peers = lockstep_.peers();
    const std::size_t peer = number_below(4);
    const Mood failing = row_.is_busy ? Mood::is_busy : Mood::closes;
    const bool fails = peers.mood(peer) == Mood::answers;
    peers.set_mood(peer, fails ? failing : Mood::answers);
    history_ += std::string(fails ? " fails:" : " well:") + static_cast<char>('A' + peer);
  }

  void pass_time() {
    const int seconds = 1 + static_cast<int>(number_below(3));
    lockstep_.advance(seconds);
    history_ += " +" + std::to_string(seconds) + "s";
  }

  void release() {
    const std::size_t which = number_below(lockstep_.held());
    history_ += " ended:" + std::to_string(which);
    lockstep_.release(which);
  }

  void ask() {
    const std::string uri = "/page/" + std::to_string(number_below(row_.uris)) + "?a=b";
    const std::string client = address(number_below(row_.clients));
    const bool held = lockstep_.held() < row_.most_held && (!row_.releases || !one_in(3));
    const Picks picks = held ? lockstep_.hold(uri, client) : lockstep_.ask(uri, client);
    EXPECT_FALSE(picks.nginx.empty());
    const std::string letters = lockstep_.letters(picks.nginx);
    EXPECT_EQ(lockstep_.letters(picks.sluice), letters)
        << "the first is sluice's, the second nginx's, of " << uri << " for " << client
        << (held ? ", held" : "") << ", after" << history_;
    picks_compared += letters.size();
    history_ += (held ? " held:" : " ") + letters;
  }

  // Every fifth of them IPv6.
  static std::string address(std::size_t number) {
    std::mt19937 bytes(static_cast<std::uint32_t>(number));
    if (number % 5 == 4) return "2001:db8::" + std::to_string(number);
    return std::to_string(1 + bytes() % 223) + "." + std::to_string(bytes() % 256) + "." +
           std::to_string(bytes() % 256) + "." + std::to_string(bytes() % 256);
  }

  const PicksRow row_;
  Lockstep lockstep_;
  std::mt19937 random_{1};
  std::string history_;
};

class EveryPick : public testing::TestWithParam<PicksRow> {};

TEST_P(EveryPick, IsNginxs) {
  Story(GetParam()).tell();
}

INSTANTIATE_TEST_SUITE_P(Rows, EveryPick, testing::ValuesIn(picks_rows()),
                         [](const auto& row) { return row.param.name; });

// Drawn by lot in both, so only the shares can be compared.
TEST(Random, HasTheSharesOfNginx) {
  Lockstep lockstep("random; server @0@ weight=1; server @1@ weight=2; server @2@ weight=5;", "");
  std::map<std::string, int> nginx;
  std::map<std::string, int> sluice;
  constexpr int kRequests = 1600;
  for (int i = 0; i < kRequests && !HasFailure(); ++i) {
    const Picks picks = lockstep.ask("/", "192.0.2.1");
    ++nginx[lockstep.letters(picks.nginx)];
    ++sluice[lockstep.letters(picks.sluice)];
  }
  for (const auto& [letter, weight] : std::map<std::string, int>{{"A", 1}, {"B", 2}, {"C", 5}}) {
    const int share = kRequests * weight / 8;
    EXPECT_NEAR(nginx[letter], share, 100) << "nginx " << letter;  // five standard deviations
    EXPECT_NEAR(sluice[letter], share, 100) << "sluice " << letter;
  }
}

class SaysHowMany final : public testing::Environment {
 public:
  void TearDown() override {
    std::cout << picks_compared << " picks compared with nginx's, in " << rows_compared
              << " configurations\n";
  }
};

const auto* const kSays = testing::AddGlobalTestEnvironment(new SaysHowMany);

}  // namespace
}  // namespace sluice::tests::oracle
