// SPDX-License-Identifier: MIT
// Clients behind another proxy: set_real_ip_from, real_ip_header, real_ip_recursive.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kRealIp = R"(
  log_format who 'log: $remote_addr|$remote_port|$realip_remote_addr|$realip_remote_port';
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  server {
    listen @listen@;
    access_log /dev/stderr who;
    server_name none.test;
    location / { proxy_pass http://@peer@; }
    location /own { set_real_ip_from 127.0.0.1; proxy_pass http://@peer@; }
    location /returns { set_real_ip_from 127.0.0.1; return 200 "$remote_addr"; }
    location /other { set_real_ip_from 10.0.0.0/8; proxy_pass http://@peer@; }
    location /twice { set_real_ip_from 127.0.0.0/8; try_files /none /own; }
  }
  server {
    listen @listen@;
    access_log /dev/stderr who;
    server_name real.test;
    set_real_ip_from 127.0.0.0/8;
    location / { proxy_pass http://@peer@; }
    location /xff { real_ip_header X-Forwarded-For; proxy_pass http://@peer@; }
    location /returns { return 200 "$remote_addr $remote_port"; }
    location /slash/ { proxy_pass http://@peer@; }
  }
  server {
    listen @listen@;
    access_log /dev/stderr who;
    server_name xff.test;
    set_real_ip_from 127.0.0.1;
    set_real_ip_from 10.0.0.0/8;
    real_ip_header X-Forwarded-For;
    location / { proxy_pass http://@peer@; }
  }
  server {
    listen @listen@;
    access_log /dev/stderr who;
    server_name recursive.test;
    set_real_ip_from 127.0.0.1;
    set_real_ip_from 10.0.0.0/8;
    set_real_ip_from 2001:db8::/32;
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    location / { proxy_pass http://@peer@; }
  }
  server {
    listen @listen@;
    access_log /dev/stderr who;
    server_name own-name.test;
    set_real_ip_from localhost;
    real_ip_header client-address;
    real_ip_recursive on;
    location / { proxy_pass http://@peer@; }
  })";

Pair row(const std::string& name, const std::string& host, const std::string& path,
         const std::string& lines) {
  return {name,
          kRealIp,
          {request("GET " + path + " HTTP/1.1", "Host: " + host + ".test\r\n" + lines)},
          {answer("hello")}};
}

std::string real_ip(const std::string& value) {
  return "X-Real-IP: " + value + "\r\n";
}

std::string forwarded(const std::string& value) {
  return "X-Forwarded-For: " + value + "\r\n";
}

std::vector<Pair> rows() {
  return {
      row("NobodyIsTrusted", "none", "/", real_ip("192.0.2.1")),
      row("TheLocationTrusts", "none", "/own", real_ip("192.0.2.1")),
      row("ReturnComesBeforeTheLocations", "none", "/returns", real_ip("192.0.2.1")),
      row("AnotherNetwork", "none", "/other", real_ip("192.0.2.1")),
      row("TheFirstLocationWins", "none", "/twice", real_ip("192.0.2.1")),
      row("TheServerTrusts", "real", "/", real_ip("192.0.2.1")),
      row("TheServerTrustsAtReturn", "real", "/returns", real_ip("192.0.2.1:81")),
      row("TheServerTrustsAtTheMissingSlash", "real", "/slash", real_ip("192.0.2.1")),
      row("TheServerComesFirst", "real", "/xff", real_ip("192.0.2.1") + forwarded("192.0.2.2")),
      row("TheLocationComesLast", "real", "/xff", forwarded("192.0.2.2")),
      row("NoHeader", "real", "/", ""),
      row("Ipv6", "real", "/", real_ip("2001:db8::7")),
      row("Port", "real", "/", real_ip("192.0.2.1:81")),
      row("Ipv6WithPort", "real", "/", real_ip("[2001:db8::7]:81")),
      row("Ipv6InBrackets", "real", "/", real_ip("[2001:db8::7]")),
      row("PortZero", "real", "/", real_ip("192.0.2.1:0")),
      row("PortTooLarge", "real", "/", real_ip("192.0.2.1:65536")),
      row("NoAddress", "real", "/", real_ip("unknown")),
      row("Empty", "real", "/", real_ip("")),
      row("TooManyOctets", "real", "/", real_ip("192.0.2.1.1")),
      row("OctetTooLarge", "real", "/", real_ip("192.0.2.256")),
      row("ListInXRealIp", "real", "/", real_ip("192.0.2.1, 192.0.2.2")),
      row("TwoXRealIp", "real", "/", real_ip("192.0.2.1") + real_ip("192.0.2.2")),
      row("Mapped", "real", "/", real_ip("::ffff:192.0.2.1")),
      row("LastOfTheList", "xff", "/", forwarded("192.0.2.1, 192.0.2.2")),
      row("LastOfTheListThoughTrusted", "xff", "/", forwarded("192.0.2.1, 10.0.0.1")),
      row("LastLine", "xff", "/", forwarded("192.0.2.1") + forwarded("192.0.2.2")),
      row("CommasAtTheEnd", "xff", "/", forwarded("192.0.2.1, , ,")),
      row("CommasAtTheStart", "xff", "/", forwarded(", ,192.0.2.1")),
      row("OnlyCommas", "xff", "/", forwarded(", ,")),
      row("NoCommas", "xff", "/", forwarded("192.0.2.1 192.0.2.2")),
      row("TabInTheList", "xff", "/", forwarded("192.0.2.1,\t192.0.2.2")),
      row("Recursive", "recursive", "/", forwarded("1.1.1.1, 192.0.2.1, 10.0.0.2, 10.0.0.3")),
      row("RecursiveAllTrusted", "recursive", "/", forwarded("10.0.0.2, 10.0.0.3")),
      row("RecursiveForged", "recursive", "/", forwarded("x, 10.0.0.3")),
      row("RecursiveCommas", "recursive", "/", forwarded(", 10.0.0.3")),
      row("RecursiveManyCommas", "recursive", "/", forwarded("192.0.2.1,,, 10.0.0.3,,10.0.0.4")),
      row("RecursiveIpv6", "recursive", "/", forwarded("::2, 2001:db8::1, [2001:db8::2]:80")),
      row("RecursiveLines", "recursive", "/",
          forwarded("1.1.1.1, 192.0.2.1") + forwarded("10.0.0.3") + forwarded("10.0.0.4")),
      row("RecursiveForgedLine", "recursive", "/", forwarded("192.0.2.1") + forwarded("x")),
      row("RecursiveForgedLineBefore", "recursive", "/", forwarded("x") + forwarded("10.0.0.3")),
      row("RecursiveMapped", "recursive", "/", forwarded("192.0.2.1, ::ffff:10.0.0.3")),
      row("AnotherHeader", "own-name", "/", "Client-Address: 127.0.0.1, 192.0.2.1\r\n"),
      row("AnotherHeaderTwice", "own-name", "/",
          "Client-Address: 192.0.2.1\r\nClient-Address: 192.0.2.2\r\n"),
  };
}

INSTANTIATE_TEST_SUITE_P(RealIp, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
