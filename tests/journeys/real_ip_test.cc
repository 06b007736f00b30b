// SPDX-License-Identifier: MIT
// Clients behind another proxy are who that proxy says they are, for one request each.
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

TEST(RealIp, HoldsForOneRequestOfAConnection) {
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; set_real_ip_from 127.0.0.0/8;"
      "  location / { return 200 \"$remote_addr $realip_remote_addr\"; } }"};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/", "X-Real-IP: 192.0.2.1\r\n").body, "192.0.2.1 127.0.0.1");
  EXPECT_EQ(client.get("/").body, "127.0.0.1 127.0.0.1");
  EXPECT_EQ(client.get("/", "X-Real-IP: 2001:db8::7\r\n").body, "2001:db8::7 127.0.0.1");
}

TEST(RealIp, IsInTheLogsAndInWhatPeersAreTold) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{
      "log_format who 'who: $remote_addr';"
      "server { listen 127.0.0.1:0; access_log /dev/stderr who; set_real_ip_from 127.0.0.1;"
      "  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
      "  location / { proxy_pass http://" +
      peer.address() +
      "; }"
      "  location /dead { proxy_pass http://" +
      closed_port() + "; } }"};
  proxy.get("/", "X-Real-IP: 192.0.2.1\r\n");
  EXPECT_EQ(peer.wait_for_requests(1)[0].header("X-Forwarded-For"), "192.0.2.1");
  proxy.wait_for_log("who: 192.0.2.1");
  proxy.get("/dead", "X-Real-IP: 192.0.2.2\r\n");
  proxy.wait_for_log("client: 192.0.2.2, ");
}

TEST(RealIp, IsWhatIpHashGoesBy) {
  ScriptedPeer a{respond(200, "a")};
  ScriptedPeer b{respond(200, "b")};
  RunningProxy proxy{"upstream u { ip_hash; server " + a.address() + "; server " + b.address() +
                     "; } server { listen 127.0.0.1:0; set_real_ip_from 127.0.0.1;"
                     "  location / { proxy_pass http://u; } }"};
  std::set<std::string> answers;
  for (int network = 0; network < 20; ++network) {
    const std::string said = "X-Real-IP: 10.0." + std::to_string(network) + ".";
    const std::string answer = proxy.get("/", said + "1\r\n").body;
    EXPECT_EQ(proxy.get("/", said + "2\r\n").body, answer);
    answers.insert(answer);
  }
  EXPECT_EQ(answers.size(), 2u);
}

TEST(RealIp, TrustsUnixSockets) {
  const TempFolder folder;
  const std::string address = "unix:" + folder.file("proxy");
  RunningProxy proxy{"server { listen " + address +
                     "; set_real_ip_from unix:;"
                     "  location / { return 200 \"$remote_addr $realip_remote_addr\"; } }"};
  EXPECT_EQ(http_get(address, "/", "X-Real-IP: 192.0.2.1\r\n").body, "192.0.2.1 unix:");
}

TEST(RealIp, NeedsNamesThatResolve) {
  const TempFolder folder;
  const std::string file = folder.write(
      "nginx.conf",
      "events { } http { set_real_ip_from nobody.invalid; server { listen 127.0.0.1:0; } }");
  ChildProcess process{{std::getenv("SLUICE_BINARY"), "-p", folder.path(), "-c", file}};
  EXPECT_EQ(process.wait(), 1);
  const std::vector<std::string> said = process.all_lines(ChildProcess::err);
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said[0], "nginx: [emerg] host not found in set_real_ip_from \"nobody.invalid\" in " +
                         file + ":1:36");
}

}  // namespace
}  // namespace sluice::tests
