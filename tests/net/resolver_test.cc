// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "net/socket.h"
#include "tests/support/scripted_dns.h"

namespace sluice::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::dns_a;
using tests::dns_aaaa;
using tests::dns_cname;
using tests::kTypeA;
using tests::kTypeAaaa;
using tests::ScriptedDns;

// A loop with a resolver, and a client for whom names are asked.
struct Asking {
  explicit Asking(const ScriptedDns& dns, ResolverOptions options = {}) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    client = std::make_unique<Socket>(loop, Descriptor{ends[0]}, Socket::State::connected);
    far_end = Descriptor{ends[1]};
    options.servers.push_back(*Address::parse(dns.address()));
    resolver = std::make_unique<Resolver>(loop, options, [this] { return now; });
  }

  // Asks for one name, to the end.
  Resolved ask(std::string_view name, Milliseconds timeout = 10s) {
    Resolved result;
    std::size_t left = 1;
    spawn(ask_into(name, timeout, result, left));
    run(left);
    return result;
  }
  Task<void> ask_into(std::string_view name, Milliseconds timeout, Resolved& result,
                      std::size_t& left) {
    result = co_await resolver->resolve(name, timeout, client->hung_up());
    if (--left == 0) {
      loop.post([this] { loop.stop(); });
    }
  }
  // Until stopped, unless nothing is left to wait for.
  void run(std::size_t left = 1) {
    EXPECT_FALSE(was_run) << "a loop runs once";
    was_run = true;
    if (left > 0) {
      loop.run();
    }
  }
  // Asks for names one after the other; `between` is called before each but the first.
  std::vector<Resolved> ask_all(
      const std::vector<std::string>& names, const std::function<void()>& between = [] {}) {
    std::vector<Resolved> results;
    const auto story = [](Asking& asking, const std::vector<std::string>& list,
                          const std::function<void()>& step,
                          std::vector<Resolved>& into) -> Task<void> {
      for (const std::string& name : list) {
        if (!into.empty()) {
          step();
        }
        into.push_back(co_await asking.resolver->resolve(name, 10s, asking.client->hung_up()));
      }
      asking.loop.post([&asking] { asking.loop.stop(); });
    };
    spawn(story(*this, names, between, results));
    loop.run();
    return results;
  }

  Loop loop;
  SteadyTime now{1h};
  bool was_run = false;
  Descriptor far_end;
  std::unique_ptr<Socket> client;
  std::unique_ptr<Resolver> resolver;
};

// Asks without a client.
struct Note final : Resolver::Inquiry {
  void ask(Asking& asking, std::string_view name) {
    if (const Resolved* known = asking.resolver->ask(name, *this)) {
      answered(*known);
    }
  }
  void answered(const Resolved& resolved) override {
    result = resolved;
    if (then) {
      then();
    }
  }
  std::optional<Resolved> result;
  std::function<void()> then;
};

std::vector<std::string> texts(const Resolved& resolved) {
  std::vector<std::string> result;
  for (const Address& address : resolved.addresses) {
    result.push_back(address.text());
  }
  return result;
}

TEST(Resolver, FindsTheAddressesOfBothFamilies) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_aaaa("::1"), dns_a("127.0.0.1"), dns_a("127.0.0.2")}});
  Asking asking(dns);
  const Resolved found = asking.ask("app.test");
  EXPECT_EQ(found.error, ResolveError::none);
  EXPECT_THAT(texts(found), ElementsAre("127.0.0.1:0", "127.0.0.2:0", "[::1]:0"));
}

TEST(Resolver, AsksForNoFamilyThatIsSwitchedOff) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_aaaa("::1"), dns_a("127.0.0.1")}});
  Asking four(dns, {.ipv6 = false});
  EXPECT_THAT(texts(four.ask("app.test")), ElementsAre("127.0.0.1:0"));
  EXPECT_EQ(dns.count("app.test", kTypeAaaa), 0u);
  Asking six(dns, {.ipv4 = false});
  EXPECT_THAT(texts(six.ask("app.test")), ElementsAre("[::1]:0"));
  EXPECT_EQ(dns.count("app.test", kTypeA), 1u);
}

TEST(Resolver, AsksTheNameServerForLocalhostToo) {
  for (const std::string name : {"localhost", "LOCALHOST", "localhost.", "a.localhost"}) {
    ScriptedDns dns;
    dns.say(name == "a.localhost" ? name : "localhost", {.records = {dns_a("127.0.0.7")}});
    Asking asking(dns, {.ipv6 = false});
    EXPECT_THAT(texts(asking.ask(name)), ElementsAre("127.0.0.7:0")) << name;
  }
}

TEST(Resolver, IsContentWithOneFamily) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_aaaa("::1")}});
  Asking asking(dns);
  EXPECT_THAT(texts(asking.ask("app.test")), ElementsAre("[::1]:0"));
}

TEST(Resolver, FollowsACname) {
  ScriptedDns dns;
  dns.say("www.test",
          {.records = {dns_cname("real.test", 30), dns_a("127.0.0.3", 60, "real.test")}});
  Asking asking(dns);
  const Resolved found = asking.ask("www.test");
  EXPECT_THAT(texts(found), ElementsAre("127.0.0.3:0"));
  EXPECT_EQ(found.valid_until - asking.now, 30s);
}

TEST(Resolver, KeepsAnAnswerForItsTimeToLive) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1", 20)}});
  Asking asking(dns);
  asking.ask_all({"app.test", "app.test", "app.test"}, [&] { asking.now += 8s; });
  EXPECT_EQ(dns.count("app.test"), 1u);
}

TEST(Resolver, AsksAgainWhenTheTimeToLiveIsOver) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1", 20)}});
  Asking asking(dns);
  const auto found = asking.ask_all({"app.test", "app.test"}, [&] {
    asking.now += 21s;
    dns.say("app.test", {.records = {dns_a("127.0.0.9", 20)}});
  });
  EXPECT_THAT(texts(found.at(1)), ElementsAre("127.0.0.9:0"));
  EXPECT_EQ(dns.count("app.test"), 2u);
}

TEST(Resolver, KeepsAnAnswerAsLongAsConfigured) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1", 3600)}});
  Asking asking(dns, {.valid = 10s});
  asking.ask_all({"app.test", "app.test", "app.test"}, [&] { asking.now += 6s; });
  EXPECT_EQ(dns.count("app.test"), 2u);
}

TEST(Resolver, KeepsAnAnswerWithoutTimeToLiveForASecond) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1", 0)}});
  Asking asking(dns);
  EXPECT_EQ(asking.ask("app.test").valid_until - asking.now, 1s);
}

TEST(Resolver, TellsTheNameThatDoesNotExist) {
  ScriptedDns dns;
  Asking asking(dns);
  const auto found = asking.ask_all({"gone.test", "gone.test"});
  EXPECT_EQ(found.at(0).error, ResolveError::not_found);
  EXPECT_THAT(found.at(0).addresses, IsEmpty());
  EXPECT_EQ(found.at(1).error, ResolveError::not_found);
  EXPECT_EQ(dns.count("gone.test"), 1u) << "for a while it is not asked for again";
}

TEST(Resolver, AsksAgainForANameThatDidNotExist) {
  ScriptedDns dns;
  Asking asking(dns);
  const auto found = asking.ask_all({"new.test", "new.test"}, [&] {
    asking.now += 4s;
    dns.say("new.test", {.records = {dns_a("127.0.0.1")}});
  });
  EXPECT_EQ(found.at(0).error, ResolveError::not_found);
  EXPECT_THAT(texts(found.at(1)), ElementsAre("127.0.0.1:0"));
}

TEST(Resolver, TellsANameWithoutAddressesLikeOneThatDoesNotExist) {
  ScriptedDns dns;
  dns.say("empty.test", {});
  Asking asking(dns);
  EXPECT_EQ(asking.ask("empty.test").error, ResolveError::not_found);
}

TEST(Resolver, TellsWhatTheServerCouldNotDo) {
  ScriptedDns dns;
  dns.say("fails.test", {.code = 2});
  dns.say("refused.test", {.code = 5});
  Asking asking(dns);
  const auto found = asking.ask_all({"fails.test", "refused.test"});
  EXPECT_EQ(found.at(0).error, ResolveError::server_failure);
  EXPECT_NE(found.at(1).error, ResolveError::none);
}

TEST(Resolver, GivesUpWhenNoAnswerComesInTime) {
  ScriptedDns dns;
  dns.say("silent.test", {.silent = true});
  Asking asking(dns);
  EXPECT_EQ(asking.ask("silent.test", 50ms).error, ResolveError::timed_out);
}

TEST(Resolver, AsksTheNextServerWhenOneFails) {
  ScriptedDns broken;
  ScriptedDns good;
  broken.say("app.test", {.code = 2});
  good.say("app.test", {.records = {dns_a("127.0.0.1")}});
  ResolverOptions options;
  options.servers.push_back(*Address::parse(broken.address()));
  Asking asking(good, options);
  EXPECT_THAT(texts(asking.ask("app.test")), ElementsAre("127.0.0.1:0"));
}

TEST(Resolver, AsksOverTcpWhenAnAnswerWasCutShort) {
  ScriptedDns dns;
  tests::DnsScript script{.truncated = true};
  for (int i = 1; i <= 40; ++i) {
    script.records.push_back(dns_a("127.0.0." + std::to_string(i)));
  }
  dns.say("many.test", script);
  Asking asking(dns, {.ipv6 = false});
  EXPECT_EQ(asking.ask("many.test").addresses.size(), 40u);
  EXPECT_TRUE(dns.questions().back().tcp);
}

TEST(Resolver, KeepsNoMoreThanSixtyFourAddressesOfAName) {
  ScriptedDns dns;
  tests::DnsScript script{.truncated = true};
  for (int i = 1; i <= 200; ++i) {
    script.records.push_back(dns_a("127.0.0." + std::to_string(i)));
  }
  dns.say("many.test", script);
  Asking asking(dns, {.ipv6 = false});
  EXPECT_EQ(asking.ask("many.test").addresses.size(), 64u);
}

TEST(Resolver, KnowsANameInAnyCase) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}});
  Asking asking(dns);
  const auto found = asking.ask_all({"App.TEST", "app.test"});
  EXPECT_THAT(texts(found.at(0)), ElementsAre("127.0.0.1:0"));
  EXPECT_EQ(dns.count("app.test"), 1u);
}

TEST(Resolver, AsksNobodyForWhatIsNoName) {
  ScriptedDns dns;
  Asking asking(dns);
  const auto found =
      asking.ask_all({"", "a b", "a\r\nb", std::string("a\0b", 3), "a\\.b", std::string(300, 'a'),
                      "..", "x" + std::string(70, 'y') + ".test"});
  for (const Resolved& resolved : found) {
    EXPECT_EQ(resolved.error, ResolveError::not_found);
  }
  EXPECT_THAT(dns.questions(), IsEmpty());
}

TEST(Resolver, DoesNotTakeAnAnswerWithAWrongId) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}, .wrong_id_first = true});
  Asking asking(dns);
  EXPECT_THAT(texts(asking.ask("app.test")), ElementsAre("127.0.0.1:0"));
}

TEST(Resolver, SurvivesAnswersThatMakeNoSense) {
  const std::string pointer_to_itself = "\xc0\x0c\xc0\x0c\xc0\x0c";
  const std::string promised_more = std::string("\3app\4test\0\0\1\0\1\xc0\x0c", 17);
  for (const std::string& garbage :
       {pointer_to_itself, promised_more, std::string(500, '\xff'), std::string(1, '\0')}) {
    ScriptedDns dns;
    dns.say("app.test", {.records = {dns_a("127.0.0.1")}, .garbage = garbage});
    Asking asking(dns);
    EXPECT_NE(asking.ask("app.test", 100ms).error, ResolveError::none);
  }
}

TEST(Resolver, AsksOnceForAllWhoWait) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}, .held = true});
  Asking asking(dns, {.ipv6 = false});
  std::array<Note, 5> notes;
  std::size_t left = notes.size();
  for (Note& note : notes) {
    note.then = [&] {
      if (--left == 0) {
        asking.loop.stop();
      }
    };
    note.ask(asking, "app.test");
  }
  std::thread releaser([&] {
    dns.wait_for("app.test", 1);
    dns.release();
  });
  asking.run();
  releaser.join();
  for (const Note& note : notes) {
    ASSERT_TRUE(note.result);
    EXPECT_THAT(texts(*note.result), ElementsAre("127.0.0.1:0"));
  }
  EXPECT_EQ(dns.count("app.test"), 1u);
}

TEST(Resolver, ToleratesThatSomebodyWhoIsToldMakesOthersWithdraw) {
  ScriptedDns dns;
  dns.say("app.test", {.records = {dns_a("127.0.0.1")}});
  Asking asking(dns);
  std::array<Note, 3> notes;
  for (Note& note : notes) {
    note.then = [&] {
      for (Note& other : notes) {
        other.withdraw();
      }
      asking.loop.stop();
    };
    note.ask(asking, "app.test");
  }
  asking.run();
  EXPECT_EQ(std::ranges::count_if(notes, [](const Note& note) { return note.result.has_value(); }),
            1);
}

TEST(Resolver, CallsOffTheWaitOfAClientThatLeaves) {
  ScriptedDns dns;
  dns.say("app.test", {.silent = true});
  Asking asking(dns);
  Resolved result;
  std::size_t left = 1;
  spawn(asking.ask_into("app.test", 10s, result, left));
  asking.loop.post([&] { asking.far_end.reset(); });
  asking.run(left);
  EXPECT_EQ(result.error, ResolveError::cancelled);
}

TEST(Resolver, CallsOffEveryWaitWhenTheLoopStops) {
  ScriptedDns dns;
  dns.say("app.test", {.silent = true});
  Asking asking(dns);
  Resolved result;
  std::size_t left = 2;  // the story does not end it
  spawn(asking.ask_into("app.test", 10s, result, left));
  asking.loop.post([&] { asking.loop.stop(); });
  asking.run(left);
  EXPECT_EQ(result.error, ResolveError::cancelled);
}

TEST(Resolver, KeepsABoundedNumberOfNames) {
  ScriptedDns dns;
  Asking asking(dns, {.ipv6 = false});
  std::vector<std::string> names;
  for (std::size_t i = 0; i < Resolver::kMostNames + 50; ++i) {
    names.push_back("n" + std::to_string(i) + ".test");
  }
  names.emplace_back("n0.test");
  asking.ask_all(names);
  EXPECT_EQ(asking.resolver->names(), Resolver::kMostNames);
  EXPECT_EQ(dns.count("n0.test"), 2u) << "the oldest was forgotten";
}

TEST(Resolver, RefusesWhenTooManyNamesAreBeingAskedFor) {
  ScriptedDns dns;
  Asking asking(dns, {.ipv6 = false});
  std::vector<std::string> names;
  for (std::size_t i = 0; i <= Resolver::kMostNames; ++i) {
    names.push_back("n" + std::to_string(i) + ".test");
    dns.say(names.back(), {.silent = true});
  }
  std::vector<Note> notes(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    notes[i].ask(asking, names[i]);
  }
  ASSERT_TRUE(notes.back().result);
  EXPECT_EQ(notes.back().result->error, ResolveError::server_failure);
  EXPECT_FALSE(notes.front().result);
}

TEST(Resolver, KnowsTheHostsFileWithoutAServerOfItsOwn) {
  ScriptedDns unused;
  Asking asking(unused);
  asking.resolver = std::make_unique<Resolver>(asking.loop, ResolverOptions{});
  const Resolved found = asking.ask("localhost");
  EXPECT_EQ(found.error, ResolveError::none);
  EXPECT_THAT(texts(found), testing::Contains("127.0.0.1:0"));
}

}  // namespace
}  // namespace sluice::net
