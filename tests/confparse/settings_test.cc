// SPDX-License-Identifier: MIT
// What the directives set, subject by subject.
#include <gtest/gtest.h>

#include "loading.h"

namespace sluice::confparse {
namespace {

using namespace std::chrono_literals;

TEST(MainSettings, HaveTheDefaultsOfNginx) {
  const auto settings = load_text("events { } http { server { } }").settings;
  EXPECT_FALSE(settings->bare);
  EXPECT_TRUE(settings->main.daemon);
  EXPECT_EQ(settings->main.worker_processes, 1U);
  EXPECT_EQ(settings->main.pid_path, "/run/nginx.pid");
  EXPECT_FALSE(settings->main.user);
  EXPECT_EQ(settings->events.worker_connections, 512U);
  EXPECT_EQ(settings->http.log_formats.at(0).name, "combined");
  const LocationSettings& server = settings->http.servers.at(0).settings;
  EXPECT_EQ(server.core.root, "/prefix/html");
  EXPECT_EQ(server.core.types->at("html"), "text/html");
  EXPECT_EQ(server.log.access_logs.at(0).path, "/var/log/nginx/access.log");
  EXPECT_TRUE(server.log.error_logs.empty());
}

TEST(MainSettings, AreSet) {
  const auto settings =
      load_text(
          "user www-data adm; worker_processes auto; pid run/x.pid; daemon off; master_process off;"
          "error_log logs/e.log notice; error_log stderr; events { worker_connections 10; use "
          "epoll; }"
          "env A=1; env B; worker_priority -5; worker_cpu_affinity auto 01;")
          .settings;
  EXPECT_EQ(settings->main.user->user, "www-data");
  EXPECT_EQ(settings->main.user->group, "adm");
  EXPECT_EQ(settings->main.worker_processes, 0U);
  EXPECT_EQ(settings->main.pid_path, "/prefix/run/x.pid");
  EXPECT_FALSE(settings->main.daemon);
  EXPECT_FALSE(settings->main.master_process);
  ASSERT_EQ(settings->main.error_logs.size(), 2U);
  EXPECT_EQ(settings->main.error_logs[0].path, "/prefix/logs/e.log");
  EXPECT_EQ(settings->main.error_logs[0].level, LogLevel::notice);
  EXPECT_EQ(settings->main.error_logs[1].path, "stderr");
  EXPECT_EQ(settings->events.worker_connections, 10U);
}

TEST(ServerSettings, ListenWhereTheySay) {
  const ServerBlock server = load_server(
      "listen 127.0.0.1:0 default_server backlog=9 reuseport; listen [::]:81 ipv6only=off;"
      "listen unix:/run/a.sock; listen 8000-8001;");
  ASSERT_EQ(server.listens.size(), 5U);
  EXPECT_EQ(server.listens[0].address, "127.0.0.1:0");
  EXPECT_TRUE(server.listens[0].default_server);
  EXPECT_EQ(server.listens[0].backlog, 9);
  EXPECT_TRUE(server.listens[0].reuseport);
  EXPECT_FALSE(server.listens[1].ipv6only);
  EXPECT_EQ(server.listens[2].address, "unix:/run/a.sock");
  EXPECT_EQ(server.listens[4].address, "0.0.0.0:8001");
}

TEST(ServerSettings, ListenOnPort80OrAnUnprivilegedOneWhenTheyDoNotSay) {
  EXPECT_EQ(load_server("").listens.at(0).address, "0.0.0.0:80");
  const TempFolder folder;
  LoadRequest request = request_for(folder.write("a.conf", "server { }"));
  request.defaults.privileged = false;
  EXPECT_EQ(load(request).settings->http.servers[0].listens.at(0).address, "0.0.0.0:8000");
}

TEST(ServerSettings, ShareTheSocketOptionsOfAnAddress) {
  const auto settings =
      load_http(
          "server { listen 80; server_name a; } server { listen 80 backlog=7; server_name b; }")
          .settings;
  EXPECT_EQ(settings->http.servers[0].listens[0].backlog, 7);
}

TEST(ServerSettings, HaveNamesInLowerCaseButLeaveRegexesAlone) {
  const ServerBlock server = load_server("server_name A.Example *.B; server_name ~^C$ \"\";");
  ASSERT_EQ(server.names.size(), 4U);
  EXPECT_EQ(server.names[0].value, "a.example");
  EXPECT_EQ(server.names[1].value, "*.b");
  EXPECT_EQ(server.names[2].value, "~^C$");
  EXPECT_EQ(server.names[3].value, "");
  EXPECT_EQ(load_server("").names.at(0).value, "");
}

TEST(ServerSettings, SetUpTheConnection) {
  const ConnectionSettings connection =
      load_server(
          "client_header_buffer_size 2k; large_client_header_buffers 8 16k; client_header_timeout "
          "5s;"
          "merge_slashes off; ignore_invalid_headers off; underscores_in_headers on; max_headers "
          "7;")
          .connection;
  EXPECT_EQ(connection.client_header_buffer_size, 2048U);
  EXPECT_EQ(connection.large_header_buffers, 8U);
  EXPECT_EQ(connection.large_header_buffer_size, 16384U);
  EXPECT_EQ(connection.client_header_timeout, 5s);
  EXPECT_EQ(connection.max_headers, 7U);
  EXPECT_FALSE(connection.merge_slashes);
  EXPECT_FALSE(connection.ignore_invalid_headers);
  EXPECT_TRUE(connection.underscores_in_headers);
}

TEST(CoreSettings, AreSet) {
  const CoreSettings core =
      load_server(
          "client_max_body_size 1G; client_body_timeout 1m; send_timeout 500ms; tcp_nodelay off;"
          "keepalive_timeout 65 20s; keepalive_requests 99999999999; server_tokens build;"
          "root www/; default_type application/octet-stream;")
          .settings.core;
  EXPECT_EQ(core.client_max_body_size, 1073741824U);
  EXPECT_EQ(core.client_body_timeout, 1min);
  EXPECT_EQ(core.send_timeout, 500ms);
  EXPECT_FALSE(core.tcp_nodelay);
  EXPECT_EQ(core.keepalive_timeout, 65s);
  EXPECT_EQ(core.keepalive_header, 20s);
  EXPECT_EQ(core.keepalive_requests, 4294967295U);
  EXPECT_EQ(core.server_tokens, ServerTokens::build);
  EXPECT_EQ(core.root, "/prefix/www");
  EXPECT_EQ(core.default_type, "application/octet-stream");
}

TEST(CoreSettings, SayHowFilesAreAskedFor) {
  const auto core = [](const std::string& lines) {
    return load_server(lines + " location / { }").locations[0].settings.core;
  };
  EXPECT_TRUE(core("").etag);
  EXPECT_EQ(core("").if_modified_since, IfModifiedSince::exact);
  EXPECT_FALSE(core("").max_ranges);
  EXPECT_FALSE(core("etag off;").etag);
  EXPECT_EQ(core("if_modified_since off;").if_modified_since, IfModifiedSince::off);
  EXPECT_EQ(core("if_modified_since before;").if_modified_since, IfModifiedSince::before);
  EXPECT_EQ(core("max_ranges 0;").max_ranges, 0U);
  EXPECT_EQ(core("max_ranges 5;").max_ranges, 5U);
}

TEST(CoreSettings, SayHowAConnectionEnds) {
  const CoreSettings core =
      load_server(
          "keepalive_time 5m; keepalive_disable safari; lingering_close always; lingering_time 1m;"
          "lingering_timeout 500ms; reset_timedout_connection on; chunked_transfer_encoding off;")
          .settings.core;
  EXPECT_EQ(core.keepalive_time, 5min);
  EXPECT_FALSE(core.keepalive_disable.msie6);
  EXPECT_TRUE(core.keepalive_disable.safari);
  EXPECT_EQ(core.lingering_close, LingeringClose::always);
  EXPECT_EQ(core.lingering_time, 1min);
  EXPECT_EQ(core.lingering_timeout, 500ms);
  EXPECT_TRUE(core.reset_timedout_connection);
  EXPECT_FALSE(core.chunked_transfer_encoding);
  EXPECT_TRUE(load_server("").settings.core.keepalive_disable.msie6);
  EXPECT_FALSE(load_server("keepalive_disable none;").settings.core.keepalive_disable.msie6);
}

TEST(CoreSettings, LeaveARootThatBeginsWithAVariableAlone) {
  EXPECT_EQ(load_server("root $base/www;").settings.core.root, "$base/www");
}

TEST(Locations, HaveTheFiveModifiersSpacedAndGlued) {
  const ServerBlock server = load_server(
      "location = /e { } location ^~ /f { } location ~ \\.php$ { } location ~* \\.JPG$ { } "
      "location /p { } location @n { } "
      "location =/e2 { } location ^~/f2 { } location ~\\.php2$ { } location ~*\\.JPG2$ { }");
  const std::pair<MatchKind, std::string> expected[] = {
      {MatchKind::exact, "/e"},       {MatchKind::prefix_final, "/f"},
      {MatchKind::regex, "\\.php$"},  {MatchKind::regex_nocase, "\\.JPG$"},
      {MatchKind::prefix, "/p"},      {MatchKind::named, "@n"},
      {MatchKind::exact, "/e2"},      {MatchKind::prefix_final, "/f2"},
      {MatchKind::regex, "\\.php2$"}, {MatchKind::regex_nocase, "\\.JPG2$"},
  };
  ASSERT_EQ(server.locations.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(server.locations[i].kind, expected[i].first) << i;
    EXPECT_EQ(server.locations[i].pattern.value, expected[i].second) << i;
  }
}

TEST(Locations, MayHaveTheSamePathOnceExactAndOnceAsAPrefix) {
  EXPECT_EQ(load_server("location = / { } location / { }").locations.size(), 2U);
}

TEST(Content, IsReturned) {
  const auto fixed = [](std::string_view line) { return *load_server(line).content.fixed; };
  EXPECT_EQ(fixed("return 404;").status, 404);
  EXPECT_FALSE(fixed("return 404;").text);
  EXPECT_EQ(fixed("return 200 'hi\\n';").text->value, "hi\n");
  EXPECT_EQ(fixed("return https://$host$request_uri;").status, 302);
  EXPECT_EQ(fixed("return 301 /a; return 200;").status, 301);
}

TEST(Content, MayBeAVariableTarget) {
  const auto target = [](const std::string& url) {
    return load_server("location ~ a { proxy_pass " + url + "; }")
        .locations[0]
        .content.proxy_pass->value;
  };
  EXPECT_EQ(target("$target"), "$target");
  EXPECT_EQ(target("http://$host:8000$uri"), "http://$host:8000$uri");
  EXPECT_EQ(target("HTTP://127.0.0.1:8000"), "HTTP://127.0.0.1:8000");
}

TEST(ProxySettings, AreSet) {
  const ProxySettings proxy =
      load_server(
          "proxy_connect_timeout 1s; proxy_send_timeout 2s; proxy_read_timeout 3s; "
          "proxy_http_version 1.0;"
          "proxy_next_upstream http_500 non_idempotent; proxy_next_upstream_tries 3;"
          "proxy_next_upstream_timeout 9s; proxy_buffer_size 16k; proxy_set_header Host $host;")
          .settings.proxy;
  EXPECT_EQ(proxy.connect_timeout, 1s);
  EXPECT_EQ(proxy.send_timeout, 2s);
  EXPECT_EQ(proxy.read_timeout, 3s);
  EXPECT_EQ(proxy.http_minor, 0);
  EXPECT_TRUE(proxy.next_upstream.http_500);
  EXPECT_TRUE(proxy.next_upstream.non_idempotent);
  EXPECT_FALSE(proxy.next_upstream.error);
  EXPECT_EQ(proxy.next_upstream_tries, 3U);
  EXPECT_EQ(proxy.next_upstream_timeout, 9s);
  EXPECT_EQ(proxy.buffer_size, 16384U);
  EXPECT_EQ(proxy.set_headers.at(0).value.value, "$host");
}

TEST(ProxySettings, NeverAskTheNextPeerWhenOff) {
  const NextUpstream next =
      load_server("proxy_next_upstream error off;").settings.proxy.next_upstream;
  EXPECT_FALSE(next.error);
  EXPECT_FALSE(next.timeout);
}

TEST(Upstreams, AreSet) {
  const auto settings =
      load_http(
          "upstream u { zone z 64k; hash $uri consistent; keepalive 7; keepalive_requests 8;"
          "keepalive_time 1h; keepalive_timeout 9s;"
          "server a:80 weight=5 max_fails=3 fail_timeout=30s max_conns=100;"
          "server unix:/run/b.sock down; server [::1]:81; } ")
          .settings;
  const UpstreamSettings& upstream = settings->http.upstreams.at(0);
  EXPECT_EQ(upstream.method, "hash");
  EXPECT_EQ(upstream.method_words, (std::vector<std::string>{"$uri", "consistent"}));
  EXPECT_EQ(upstream.method_key.value, "$uri");
  EXPECT_EQ(upstream.keepalive, 7U);
  EXPECT_EQ(upstream.keepalive_requests, 8U);
  EXPECT_EQ(upstream.keepalive_time, 1h);
  EXPECT_EQ(upstream.keepalive_timeout, 9s);
  const UpstreamServer& server = upstream.servers.at(0);
  EXPECT_EQ(server.address, "a:80");
  EXPECT_EQ(server.weight, 5U);
  EXPECT_EQ(server.max_fails, 3U);
  EXPECT_EQ(server.fail_timeout, 30s);
  EXPECT_EQ(server.max_connections, 100U);
  EXPECT_TRUE(upstream.servers.at(1).down);
  EXPECT_FALSE(upstream.servers.at(1).backup);
}

TEST(Upstreams, MayHaveBackupsWhereTheStrategyTakesThem) {
  const auto settings = load_http("upstream u { least_conn; server a; server b backup; }").settings;
  EXPECT_TRUE(settings->http.upstreams[0].servers[1].backup);
}

TEST(Logs, HaveFormatsOfSeveralPieces) {
  const auto settings = load_http(
                            "server { access_log logs/a.log main buffer=32k flush=5s; }"
                            "log_format main escape=json '{\"a\":' '\"$uri\"}';")
                            .settings;
  const LogFormat& format = settings->http.log_formats.at(1);
  EXPECT_EQ(format.name, "main");
  EXPECT_EQ(format.escape, LogEscape::json);
  EXPECT_EQ(format.text.value, "{\"a\":\"$uri\"}");
  const AccessLogSetting& log = settings->http.servers[0].settings.log.access_logs.at(0);
  EXPECT_EQ(log.path, "/prefix/logs/a.log");
  EXPECT_EQ(log.format, "main");
  EXPECT_EQ(log.buffer, 32U * 1024);
  EXPECT_EQ(log.flush, 5s);
  EXPECT_FALSE(log.condition);
}

TEST(Logs, MayLeaveMissingFilesOut) {
  const auto server = load_server("log_not_found off; log_subrequest on; location / { }");
  EXPECT_FALSE(server.settings.log.log_not_found);
  EXPECT_FALSE(server.locations.at(0).settings.log.log_not_found);
  EXPECT_TRUE(load_server("").settings.log.log_not_found);
}

TEST(Logs, MayHaveACondition) {
  const auto server = load_server("access_log /a combined if=$http_x; access_log /b;");
  const auto& logs = server.settings.log.access_logs;
  EXPECT_EQ(logs.at(0).condition->value, "$http_x");
  EXPECT_FALSE(logs.at(1).condition);
}

}  // namespace
}  // namespace sluice::confparse
