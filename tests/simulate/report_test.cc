// SPDX-License-Identifier: MIT
// The whole text as a person sees it.  When one of these changes, docs/SIMULATE.md may have to.
#include "tests/simulate/simulation.h"

namespace sluice::simulate {
namespace {

Simulation three_peers(const std::string& method) {
  Simulation app{method, peers({1, 1, 1})};
  app['B'].fail_timeout = std::chrono::seconds{1};
  return app;
}

TEST(Report, TellsTheStoryOfAPeerThatWentAndCame) {
  EXPECT_EQ(three_peers("ip_hash").text(
                "--requests 6000 --concurrency 2 --down B@1000-2000 --clients 60"),
            R"(upstream app: 6,000 requests, 2 at a time, 60 clients, 1,000 URIs, seed 1

method       ip_hash, 3.000 s of virtual time
first picks  ACACACCACAACCABABCCABACBCAABCCAABACCCCABABABCCBBCCBABBACCCAC

   peer         weight  wanted     got  answered  refused  mean time
A  10.0.0.1:80       1  33.3 %  47.8 %     2,866        0   1.000 ms  ██████████████████████████████
B  10.0.0.2:80       1  33.3 %  13.2 %       794        1   1.000 ms  ████████▌
C  10.0.0.3:80       1  33.3 %  39.0 %     2,340        0   1.000 ms  ████████████████████████▌

imbalance    ▄▃▃▃▂▂▂▂▃▃█████████████████████████████▃▄▃▁▃▃▂▂▃▄▁▃▃▃▃▃▂▃▃  at most 34.3 %, slices of 102 requests
response     mean 1.000 ms, p50 1.000 ms, p99 1.000 ms, longest 1.100 ms
failures     0 of 6,000 requests got 502; attempts at a next peer: 1
stayed       99.5 % of the requests of known clients went to the peer of the one before
moved        B 10.0.0.2:80 went: 16 of 60 clients, 16 had to
             B 10.0.0.2:80 came: 16 of 60 clients
             configuration without 10.0.0.2:80: 41 of 60 clients would move, 16 are enough
             configuration with one more server: 45 of 60 clients would move, 15 are enough
events       request 1,000  0.500 s  B 10.0.0.2:80 refuses connections
             request 1,001  0.500 s  B 10.0.0.2:80 rests for 1 s (max_fails=1)
             request 2,000  1.000 s  B 10.0.0.2:80 accepts connections
             request 4,001  2.001 s  B 10.0.0.2:80 is well again
)");
}

TEST(Report, SaysThatNobodyTookARequest) {
  const std::string text =
      three_peers("ip_hash").text("--requests 9 --down A@0-9 --down B@0-9 --down C@0-9");
  EXPECT_NE(text.find("failures     no peer took any of 9 requests\n"), text.npos) << text;
  EXPECT_EQ(text.find("imbalance"), text.npos) << text;
}

TEST(Report, PutsMethodsSideBySide) {
  EXPECT_EQ(three_peers("ip_hash").text("--requests 300 --compare round_robin,least_conn "
                                        "--slow C=5 --clients 60 --uris 10 --down A@0-100"),
            R"(upstream app: 300 requests, 10 at a time, 60 clients, 10 URIs, seed 1

A  10.0.0.1:80  weight 1
B  10.0.0.2:80  weight 1
C  10.0.0.3:80  weight 1

method           mean       p50       p99  502  next peer  imbalance   stayed  virtual time
ip_hash      3.282 ms  5.000 ms  5.000 ms    0          5     66.7 %  100.0 %       0.101 s
round_robin  3.001 ms  1.100 ms  5.000 ms    0          4     33.3 %        -       0.093 s
least_conn   1.668 ms  1.000 ms  5.000 ms    0          3     66.7 %        -       0.050 s

share got              A       B       C
wanted by weight  33.3 %  33.3 %  33.3 %
ip_hash            0.0 %  43.0 %  57.0 %
round_robin        0.0 %  50.0 %  50.0 %
least_conn         0.0 %  83.3 %  16.7 %

moved
ip_hash  A came, still rests                  0 of 48 clients   0.0 %
ip_hash  configuration without 10.0.0.1:80   43 of 60 clients  71.7 %
ip_hash  configuration with one more server  45 of 60 clients  75.0 %

first picks
ip_hash      aCaCaCCaCaCBBBBCCCCBBBCCCBBCBCCCBCCBBBBCCCCCBBBBBCCBBCCBCBBB
round_robin  aBCaBCaBCaBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBC
least_conn   aBCCBaaBCCBBCBBBBBBBBBBBBBBBBBBBBCCCCBBBCBBBBBBBBBBBBBBBBBBB

imbalance    of slices of 6 requests, full height 66.7 %
ip_hash      █▄▄▄▆▄▄▄▄▆▄▆▄▄▄▆▄▄▄▆▄▄▄▄▄██▄▄▆▄▄▄▆▄▄█▆█▆▄▄▆▄▄▄▄▄▄▄
round_robin  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
least_conn   ▄▄███▄▆███▄▆███▄▆███▄▆███▄▆███▄▆███▄▆███▄▆███▄▆███
)");
}

TEST(Report, MarksBackupsAndPeersThatAreDown) {
  Simulation app{"round_robin", peers({1, 2, 1, 1})};
  app['C'].backup = true;
  app['D'].down = true;
  EXPECT_EQ(app.text("--requests 14"),
            R"(upstream app: 14 requests, 10 at a time, 1,000 clients, 1,000 URIs, seed 1

method       round_robin, 0.002 s of virtual time
first picks  BABBABBABBABBA

   peer         weight  wanted     got  answered  refused  mean time
A  10.0.0.1:80       1  33.3 %  35.7 %         5        0   1.000 ms  ████████████████▌
B  10.0.0.2:80       2  66.7 %  64.3 %         9        0   1.000 ms  ██████████████████████████████
C  10.0.0.3:80       1  backup   0.0 %         0        0          -
D  10.0.0.4:80       1    down   0.0 %         0        0          -

imbalance    ▁▁▁▁  at most 0.0 %, slices of 3 requests
response     mean 1.000 ms, p50 1.000 ms, p99 1.000 ms, longest 1.000 ms
failures     0 of 14 requests got 502; attempts at a next peer: 0
)");
}

}  // namespace
}  // namespace sluice::simulate
