// SPDX-License-Identifier: MIT
// Whose rules a head is judged by: the default server's up to the host, the named server's after.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

std::string two_servers(const std::string& first, const std::string& second) {
  const std::string answer = " return 200 \"$server_name[$http_x_u][$http_a]\"; }\n";
  return "server { listen @listen@; server_name a.test;" + first + answer +
         "server { listen @listen@; server_name b.test;" + second + answer;
}

const std::string kSecondTakesUnderscores =
    two_servers("underscores_in_headers off;", "underscores_in_headers on;");
const std::string kFirstTakesUnderscores =
    two_servers("underscores_in_headers on;", "underscores_in_headers off;");
const std::string kSecondTakesInvalid = two_servers("", "ignore_invalid_headers off;");
const std::string kSecondIsLarger =
    two_servers("", "client_header_buffer_size 20k; large_client_header_buffers 4 16k;");
const std::string kSecondIsSmaller = two_servers("", "large_client_header_buffers 1 1k;");

const std::string kHosts[] = {"a", "b", "c"};

// The hosts' requests with these lines behind or before the Host.
void add(std::vector<Pair>& pairs, const std::string& name, const std::string& configuration,
         const std::string& lines) {
  for (const std::string& host : kHosts) {
    const std::string host_line = "Host: " + host + ".test\r\n";
    pairs.push_back({name + "BehindHost_" + host,
                     configuration,
                     {request("GET / HTTP/1.1", host_line + lines)}});
    pairs.push_back({name + "BeforeHost_" + host,
                     configuration,
                     {request("GET / HTTP/1.1", lines + host_line)}});
    pairs.push_back(
        {name + "BehindAbsoluteForm_" + host,
         configuration,
         {request("GET http://" + host + ".test/ HTTP/1.1", "Host: a.test\r\n" + lines)}});
  }
}

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  add(pairs, "UnderscoreOn", kSecondTakesUnderscores, "X_U: 1\r\n");
  add(pairs, "UnderscoreOff", kFirstTakesUnderscores, "X_U: 1\r\n");
  add(pairs, "Invalid", kSecondTakesInvalid, "X_U: 1\r\n");
  for (const std::size_t size : {500U, 3000U, 9000U}) {
    const std::string line = "A: " + std::string(size, 'q') + "\r\n";
    add(pairs, "Larger" + std::to_string(size), kSecondIsLarger, line);
    add(pairs, "Smaller" + std::to_string(size), kSecondIsSmaller, line);
  }
  pairs.push_back({"NextRequestBeginsWithTheDefault",
                   kSecondTakesUnderscores,
                   {get("/", "X_U: 1\r\n"), request("GET / HTTP/1.1", "Host: b.test\r\nX_U: 1\r\n"),
                    request("GET / HTTP/1.1", "X_U: 1\r\nHost: b.test\r\n")}});
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(HeadRules, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
