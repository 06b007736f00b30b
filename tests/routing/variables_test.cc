// SPDX-License-Identifier: MIT
#include "routing/variables.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <set>

#include "http/head.h"

namespace sluice::routing {
namespace {

using namespace std::chrono_literals;
using http::HeaderId;

Endpoint ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
  Endpoint end;
  end.bytes = {a, b, c, d};
  end.size = 4;
  end.port = port;
  return end;
}

Endpoint ipv6(std::array<std::uint8_t, 16> bytes) {
  Endpoint end;
  end.bytes = bytes;
  end.size = 16;
  return end;
}

std::string address(const Endpoint& end) {
  std::string out;
  end.append_address(out);
  return out;
}

// One exchange whose facts a test fills in.
struct Exchange {
  ConnectionFacts connection;
  http::RequestHead request;
  http::AnswerHead answer;
  http::DateCache dates;
  std::vector<AttemptFacts> attempts;
  Facts facts;

  Exchange() {
    facts.connection = &connection;
    facts.request = &request;
    facts.answer = &answer;
    facts.dates = &dates;
    facts.attempts = &attempts;
  }
  void header(std::string_view name, std::string_view value) {
    request.headers.add(name, value, http::header_id(name));
  }
  // The value, or "(none)" when the variable says that it has none.
  [[nodiscard]] std::string value(std::string_view name) const {
    const auto variable = VariableTable{}.find(name);
    if (!variable) return "(unknown)";
    std::string out = ">";
    const bool found = variable->append(out, facts, *variable);
    if (found) return out.substr(1);
    EXPECT_EQ(out, ">") << name << " says it has no value, and added something";
    return "(none)";
  }
};

TEST(Addresses, AreWrittenAsNginxWritesThem) {
  EXPECT_EQ(address(ipv4(0, 10, 100, 255, 0)), "0.10.100.255");
  EXPECT_EQ(address(ipv6({})), "::");
  EXPECT_EQ(address(ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})), "::1");
  EXPECT_EQ(address(ipv6({0x20, 1, 0xd, 0xb8})), "2001:db8::");
  EXPECT_EQ(address(ipv6({0x20, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1})), "2001:0:1::1:0:1");
  EXPECT_EQ(address(ipv6({0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1})), "1:0:1:1:1:1:1:1");
  EXPECT_EQ(address(ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1})),
            "::ffff:10.0.0.1");
  EXPECT_EQ(address(ipv6({0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0xab, 0xcd})),
            "1:2:3:4:5:6:7:abcd");
  EXPECT_EQ(address(Endpoint{}), "unix:");
}

TEST(RequestVariables, ComeFromTheFacts) {
  Exchange exchange;
  exchange.request.method_name = "GET";
  exchange.facts.line = "GET /a%20b?x=1 HTTP/1.1";
  exchange.facts.host = "example.com";
  exchange.facts.server_name = "*.example.com";
  exchange.facts.uri = "/a b";
  exchange.facts.args = "x=1";
  exchange.facts.request_uri = "/a%20b?x=1";
  exchange.facts.document_root = "/srv/www";
  exchange.facts.request_length = 123;
  EXPECT_EQ(exchange.value("request"), "GET /a%20b?x=1 HTTP/1.1");
  EXPECT_EQ(exchange.value("request_method"), "GET");
  EXPECT_EQ(exchange.value("host"), "example.com");
  EXPECT_EQ(exchange.value("server_name"), "*.example.com");
  EXPECT_EQ(exchange.value("uri"), "/a b");
  EXPECT_EQ(exchange.value("document_uri"), "/a b");
  EXPECT_EQ(exchange.value("args"), "x=1");
  EXPECT_EQ(exchange.value("query_string"), "x=1");
  EXPECT_EQ(exchange.value("is_args"), "?");
  EXPECT_EQ(exchange.value("request_uri"), "/a%20b?x=1");
  EXPECT_EQ(exchange.value("document_root"), "/srv/www");
  EXPECT_EQ(exchange.value("request_filename"), "/srv/www/a b");
  EXPECT_EQ(exchange.value("request_length"), "123");
  EXPECT_EQ(exchange.value("server_protocol"), "HTTP/1.1");
  EXPECT_EQ(exchange.value("scheme"), "http");
  EXPECT_EQ(exchange.value("https"), "");
  EXPECT_EQ(exchange.value("request_completion"), "");

  exchange.facts.line = "GET / HTTP/1.0";
  exchange.connection.tls = true;
  exchange.facts.completed = true;
  EXPECT_EQ(exchange.value("server_protocol"), "HTTP/1.0");
  EXPECT_EQ(exchange.value("scheme"), "https");
  EXPECT_EQ(exchange.value("https"), "on");
  EXPECT_EQ(exchange.value("request_completion"), "OK");
}

TEST(RequestVariables, HaveNoValueWhenTheRequestWasNotUnderstood) {
  const Facts nothing;
  std::string out;
  for (const char* name : {"request", "request_method", "uri", "args", "http_host", "cookie_a",
                           "arg_a", "remote_user", "content_length", "server_protocol"}) {
    const auto variable = VariableTable{}.find(name);
    ASSERT_TRUE(variable) << name;
    EXPECT_FALSE(variable->append(out, nothing, *variable)) << name;
  }
  EXPECT_EQ(out, "");
}

TEST(RequestVariables, FindHeadersByNameInAnyCase) {
  Exchange exchange;
  exchange.header("Host", "Example.com:80");
  exchange.header("User-Agent", "curl");
  exchange.header("X-Real-IP", "10.0.0.1");
  EXPECT_EQ(exchange.value("http_host"), "Example.com:80");
  EXPECT_EQ(exchange.value("http_user_agent"), "curl");
  EXPECT_EQ(exchange.value("http_x_real_ip"), "10.0.0.1");
  EXPECT_EQ(exchange.value("HTTP_X_Real_IP"), "10.0.0.1");
  EXPECT_EQ(exchange.value("http_x_real"), "(none)");
  EXPECT_EQ(exchange.value("http_referer"), "(none)");
}

TEST(RequestVariables, JoinHeadersOfOneName) {
  Exchange exchange;
  exchange.header("X-Forwarded-For", "a");
  exchange.header("X-Forwarded-For", "b, c");
  exchange.header("X-Tag", "1");
  exchange.header("x-tag", "2");
  exchange.header("Cookie", "a=1");
  exchange.header("Cookie", "b=2");
  EXPECT_EQ(exchange.value("http_x_forwarded_for"), "a, b, c");
  EXPECT_EQ(exchange.value("http_x_tag"), "1, 2");
  EXPECT_EQ(exchange.value("http_cookie"), "a=1; b=2");
}

TEST(RequestVariables, FindArguments) {
  Exchange exchange;
  exchange.facts.args = "id=1&ID2=2&empty=&flag&id=3&xid=4";
  EXPECT_EQ(exchange.value("arg_id"), "1");
  EXPECT_EQ(exchange.value("arg_ID"), "1");
  EXPECT_EQ(exchange.value("arg_id2"), "2");
  EXPECT_EQ(exchange.value("arg_empty"), "");
  EXPECT_EQ(exchange.value("arg_flag"), "(none)");
  EXPECT_EQ(exchange.value("arg_d"), "(none)");
  EXPECT_EQ(exchange.value("arg_"), "(none)");
  EXPECT_EQ(exchange.value("arg_xid"), "4");
}

TEST(RequestVariables, FindCookies) {
  Exchange exchange;
  exchange.header("Cookie", "one=1; Two = 2 ;three=a=b; =x; four");
  exchange.header("Cookie", "one=9, five=5; six=6,7");
  EXPECT_EQ(exchange.value("cookie_one"), "1");
  EXPECT_EQ(exchange.value("cookie_two"), "2 ");
  EXPECT_EQ(exchange.value("cookie_three"), "a=b");
  EXPECT_EQ(exchange.value("cookie_four"), "(none)");
  EXPECT_EQ(exchange.value("cookie_five"), "5");
  EXPECT_EQ(exchange.value("cookie_six"), "6,7");
  EXPECT_EQ(exchange.value("cookie_seven"), "(none)");
}

TEST(RequestVariables, DecodeTheUserOfBasicAuthorization) {
  const auto user = [](std::string_view credentials) {
    Exchange exchange;
    exchange.header("Authorization", credentials);
    return exchange.value("remote_user");
  };
  EXPECT_EQ(user("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "Aladdin");
  EXPECT_EQ(user("basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ"), "Aladdin");
  EXPECT_EQ(user("Basic OnB3"), "(none)");          // ":pw"
  EXPECT_EQ(user("Basic QWxhZGRpbg=="), "(none)");  // no colon
  EXPECT_EQ(user("Basic QWxh*GRpbjpv"), "(none)");
  EXPECT_EQ(user("Basic "), "(none)");
  EXPECT_EQ(user("Bearer QWxhZGRpbjpv"), "(none)");
  EXPECT_EQ(Exchange().value("remote_user"), "(none)");
}

TEST(RequestVariables, KeepOneRequestIdThroughAnExchange) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const Exchange exchange;
    const std::string id = exchange.value("request_id");
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(exchange.value("request_id"), id);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100U);
}

TEST(RequestVariables, FollowLinksOfTheRoot) {
  Exchange exchange;
  exchange.facts.document_root = "/usr/../usr";
  EXPECT_EQ(exchange.value("realpath_root"), "/usr");
  exchange.facts.document_root = "/not/there";
  EXPECT_EQ(exchange.value("realpath_root"), "(none)");
}

TEST(ConnectionVariables, ComeFromTheConnection) {
  Exchange exchange;
  exchange.connection.remote = ipv4(127, 0, 0, 1, 54321);
  exchange.connection.local = ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  exchange.connection.local.port = 80;
  exchange.connection.number = 12;
  exchange.connection.requests = 3;
  EXPECT_EQ(exchange.value("remote_addr"), "127.0.0.1");
  EXPECT_EQ(exchange.value("remote_port"), "54321");
  EXPECT_EQ(exchange.value("binary_remote_addr"), std::string("\x7f\0\0\1", 4));
  EXPECT_EQ(exchange.value("server_addr"), "::1");
  EXPECT_EQ(exchange.value("server_port"), "80");
  EXPECT_EQ(exchange.value("connection"), "12");
  EXPECT_EQ(exchange.value("connection_requests"), "3");
  EXPECT_EQ(exchange.value("ssl_protocol"), "(none)");
  EXPECT_EQ(exchange.value("nginx_version"), "1.31.3");
  EXPECT_EQ(exchange.value("pid"), std::to_string(getpid()));
  EXPECT_NE(exchange.value("hostname"), "");
}

TEST(ConnectionVariables, OfAUnixSocketHaveNoPort) {
  Exchange exchange;
  exchange.connection.local.path = "/run/web.sock";
  EXPECT_EQ(exchange.value("remote_addr"), "unix:");
  EXPECT_EQ(exchange.value("binary_remote_addr"), "unix:");
  EXPECT_EQ(exchange.value("remote_port"), "");
  EXPECT_EQ(exchange.value("server_addr"), "unix:/run/web.sock");
}

TEST(UpstreamVariables, AddTheClientToTheForwardedAddresses) {
  Exchange exchange;
  exchange.connection.remote = ipv4(10, 0, 0, 1, 1);
  EXPECT_EQ(exchange.value("proxy_add_x_forwarded_for"), "10.0.0.1");
  exchange.header("X-Forwarded-For", "192.0.2.1");
  exchange.header("X-Forwarded-For", "192.0.2.2");
  EXPECT_EQ(exchange.value("proxy_add_x_forwarded_for"), "192.0.2.1, 192.0.2.2, 10.0.0.1");
}

TEST(UpstreamVariables, ListTheAttempts) {
  Exchange exchange;
  EXPECT_EQ(exchange.value("upstream_addr"), "(none)");
  AttemptFacts refused;
  refused.peer = "127.0.0.1:8001";
  refused.status = 502;
  refused.response_time = 3ms;
  AttemptFacts answered;
  answered.peer = "127.0.0.1:8002";
  answered.status = 200;
  answered.connect_time = 0ms;
  answered.header_time = 12ms;
  answered.response_time = 1234ms;
  answered.response_length = 5;
  answered.bytes_received = 105;
  answered.bytes_sent = 80;
  exchange.attempts = {refused, answered};
  EXPECT_EQ(exchange.value("upstream_addr"), "127.0.0.1:8001, 127.0.0.1:8002");
  EXPECT_EQ(exchange.value("upstream_status"), "502, 200");
  EXPECT_EQ(exchange.value("upstream_connect_time"), "-, 0.000");
  EXPECT_EQ(exchange.value("upstream_header_time"), "-, 0.012");
  EXPECT_EQ(exchange.value("upstream_response_time"), "0.003, 1.234");
  EXPECT_EQ(exchange.value("upstream_response_length"), "0, 5");
  EXPECT_EQ(exchange.value("upstream_bytes_received"), "0, 105");
  EXPECT_EQ(exchange.value("upstream_bytes_sent"), "0, 80");

  exchange.attempts = {AttemptFacts{}};
  EXPECT_EQ(exchange.value("upstream_status"), "-");
}

TEST(UpstreamVariables, ReadTheHeadersOfThePeersAnswer) {
  Exchange exchange;
  exchange.answer.headers.add("Content-Type", "text/plain", HeaderId::content_type);
  exchange.answer.headers.add("X-App", "a", HeaderId::other);
  exchange.answer.headers.add("X-App", "b", HeaderId::other);
  EXPECT_EQ(exchange.value("upstream_http_content_type"), "text/plain");
  EXPECT_EQ(exchange.value("upstream_http_x_app"), "a, b");
  EXPECT_EQ(exchange.value("upstream_http_etag"), "(none)");
}

TEST(UpstreamVariables, SeparateTheAttemptsOfAnotherLocation) {
  Exchange exchange;
  exchange.attempts.resize(3);
  exchange.attempts[0].peer = "a:1";
  exchange.attempts[1].peer = "b:2";
  exchange.attempts[2].peer = "c:3";
  exchange.attempts[2].begins_again = true;
  EXPECT_EQ(exchange.value("upstream_addr"), "a:1, b:2 : c:3");
}

TEST(UpstreamVariables, ReadTheCookiesOfThePeersAnswer) {
  Exchange exchange;
  const auto add = [&](std::string_view value) {
    exchange.answer.headers.add("Set-Cookie", value, HeaderId::set_cookie);
  };
  add("session=abc; Path=/; Secure");
  add("session=later");
  add("sess=short");
  add("bare");
  EXPECT_EQ(exchange.value("upstream_cookie_session"), "abc");
  EXPECT_EQ(exchange.value("upstream_cookie_SESS"), "short");
  EXPECT_EQ(exchange.value("upstream_cookie_bare"), "(none)");
  EXPECT_EQ(exchange.value("upstream_cookie_other"), "(none)");
}

TEST(RequestVariables, KnowThePortThatWasAskedFor) {
  Exchange exchange;
  EXPECT_EQ(exchange.value("request_port"), "");
  EXPECT_EQ(exchange.value("is_request_port"), "");
  exchange.header("Host", "[::1]");
  EXPECT_EQ(exchange.value("request_port"), "");
  Exchange with_port;
  with_port.header("Host", "[::1]:8080");
  EXPECT_EQ(with_port.value("request_port"), "8080");
  EXPECT_EQ(with_port.value("is_request_port"), ":");
  with_port.request.authority = "a:81";
  EXPECT_EQ(with_port.value("request_port"), "81");
}

TEST(RequestVariables, HaveTheBodyWhenItIsInMemory) {
  Exchange exchange;
  EXPECT_EQ(exchange.value("request_body"), "(none)");
  EXPECT_EQ(exchange.value("request_body_file"), "(none)");
  exchange.facts.request_body = "a=1";
  EXPECT_EQ(exchange.value("request_body"), "a=1");
}

TEST(ConnectionVariables, KnowHowLongItHasLasted) {
  Exchange exchange;
  exchange.connection.began = std::chrono::steady_clock::time_point{} + 1s;
  exchange.facts.steady_now = std::chrono::steady_clock::time_point{} + 2500ms;
  EXPECT_EQ(exchange.value("connection_time"), "1.500");
  EXPECT_EQ(exchange.value("pipe"), ".");
  exchange.connection.pipelined = true;
  EXPECT_EQ(exchange.value("pipe"), "p");
}

TEST(VariableTable, KnowsWhatHasNoValueYet) {
  const Exchange exchange;
  for (const std::string_view name :
       {"gzip_ratio", "proxy_protocol_addr", "proxy_protocol_server_port",
        "proxy_protocol_tlv_alpn", "sent_trailer_x", "upstream_trailer_x",
        "upstream_last_server_name", "upstream_cache_status"}) {
    EXPECT_EQ(exchange.value(name), "(none)") << name;
  }
}

TEST(UpstreamVariables, TellWhereProxyPassPoints) {
  Exchange exchange;
  EXPECT_EQ(exchange.value("proxy_host"), "(none)");
  exchange.facts.proxy_host = "mytornado";
  exchange.facts.proxy_port = "80";
  EXPECT_EQ(exchange.value("proxy_host"), "mytornado");
  EXPECT_EQ(exchange.value("proxy_port"), "80");
}

TEST(AnswerVariables, TellWhatTheClientGot) {
  Exchange exchange;
  exchange.facts.status = 200;
  exchange.facts.bytes_sent = 18'446'744'073'709'551'615ULL;
  exchange.facts.body_bytes_sent = 20;
  exchange.facts.steady_now = exchange.facts.began + 65'043ms;
  exchange.facts.now = std::chrono::system_clock::time_point(1'700'000'000'007ms);
  EXPECT_EQ(exchange.value("status"), "200");
  EXPECT_EQ(exchange.value("bytes_sent"), "18446744073709551615");
  EXPECT_EQ(exchange.value("body_bytes_sent"), "20");
  EXPECT_EQ(exchange.value("request_time"), "65.043");
  EXPECT_EQ(exchange.value("msec"), "1700000000.007");
  EXPECT_EQ(exchange.value("time_local"), exchange.dates.local_time(1'700'000'000));
  EXPECT_EQ(exchange.value("time_iso8601"), exchange.dates.iso8601(1'700'000'000));

  exchange.facts.status = 0;
  EXPECT_EQ(exchange.value("status"), "000");
}

TEST(AnswerVariables, ReadTheHeadThatWasSent) {
  Exchange exchange;
  EXPECT_EQ(exchange.value("sent_http_content_type"), "(none)");
  exchange.facts.sent_head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\nSet-Cookie: b:2\r\n"
      "X-Empty:\r\n\r\n";
  EXPECT_EQ(exchange.value("sent_http_content_type"), "text/html");
  EXPECT_EQ(exchange.value("sent_http_set_cookie"), "a=1, b:2");
  EXPECT_EQ(exchange.value("sent_http_x_empty"), "");
  EXPECT_EQ(exchange.value("sent_http_http/1.1"), "(none)");
  EXPECT_EQ(exchange.value("sent_http_etag"), "(none)");
}

TEST(VariableTable, KnowsNothingElse) {
  const VariableTable variables;
  EXPECT_FALSE(variables.find(""));
  EXPECT_FALSE(variables.find("hos"));
  EXPECT_FALSE(variables.find("1"));
}

TEST(VariableTable, GivesANameOfTheConfigurationOneSlot) {
  VariableTable variables;
  EXPECT_EQ(variables.define("one"), 0);
  EXPECT_EQ(variables.define("Two"), 1);
  EXPECT_EQ(variables.define("ONE"), 0);
  EXPECT_EQ(variables.define("uri"), std::nullopt);
  EXPECT_EQ(variables.define("http_mine"), 2);  // only as one of a prefix known: free
  ASSERT_TRUE(variables.find("two"));
  EXPECT_EQ(variables.find("two")->number, 1);
  EXPECT_EQ(variables.nearest("twoo"), "two");
}

}  // namespace
}  // namespace sluice::routing
