// SPDX-License-Identifier: MIT
// Directives of nginx that sluice does not have yet, in two kinds.  Harmless ones only tune: they
// are accepted with a warning.  The rest would change answers or access: they stop the start.
// A directive leaves this file when it gets its row in one of the others.
#include <algorithm>
#include <array>
#include <vector>

#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

// Where "off" is what happens here anyway.
constexpr std::array<std::string_view, 23> kOffAlready{
    "aio",
    "autoindex",
    "auth_basic",
    "auth_request",
    "charset",
    "directio",
    "gunzip",
    "gzip",
    "gzip_static",
    "gzip_vary",
    "http2",
    "mirror",
    "open_file_cache",
    "open_log_file_cache",
    "proxy_cache",
    "proxy_intercept_errors",
    "proxy_store",
    "recursive_error_pages",
    "rewrite_log",
    "ssi",
    "ssl",
    "ssl_stapling",
    "userid",
};

bool says_what_happens(const Line& line) {
  return line.size() == 1 && line.word(0) == "off" &&
         std::ranges::find(kOffAlready, line.name()) != kOffAlready.end();
}

void warn_without_effect(Line& line) {
  if (says_what_happens(line)) {
    return;
  }
  line.warn(line.position(), "\"" + line.name() + "\" is not supported yet and has no effect");
}

void refuse(Line& line) {
  line.fail("\"" + line.name() + "\" is not supported by sluice yet");
}

struct Names {
  Contexts contexts;
  std::vector<std::string_view> names;
};

// A name a line, so that taking one out touches no other.
// clang-format off
std::vector<Names> harmless() {
  return {
      {kMain, {
        "debug_points",
        "ssl_engine",
        "thread_pool",
        "worker_shutdown_timeout",
       }},
      {kEvents, {
        "debug_connection",
       }},
      {kAnyHttp,
       {
        // compression: the same answer in fewer bytes
        "gzip",
        "gzip_buffers",
        "gzip_comp_level",
        "gzip_disable",
        "gzip_http_version",
        "gzip_min_length",
        "gzip_proxied",
        "gzip_static",
        "gzip_types",
        "gzip_vary",
        "gunzip",
        "gunzip_buffers",
        // files
        "aio",
        "aio_write",
        "directio",
        "directio_alignment",
        "open_file_cache",
        "open_file_cache_errors",
        "open_file_cache_min_uses",
        "open_file_cache_valid",
        "open_log_file_cache",
        "output_buffers",
        "read_ahead",
        // connections
        "postpone_output",
        "send_lowat",
        "subrequest_output_buffer_size",
        // the peers' side
        // other protocols: nothing without their *_pass, which is refused
        "fastcgi_bind",
        "fastcgi_buffer_size",
        "fastcgi_buffering",
        "fastcgi_buffers",
        "fastcgi_busy_buffers_size",
        "fastcgi_cache",
        "fastcgi_cache_bypass",
        "fastcgi_cache_key",
        "fastcgi_cache_lock",
        "fastcgi_cache_methods",
        "fastcgi_cache_min_uses",
        "fastcgi_cache_use_stale",
        "fastcgi_cache_valid",
        "fastcgi_catch_stderr",
        "fastcgi_connect_timeout",
        "fastcgi_hide_header",
        "fastcgi_ignore_client_abort",
        "fastcgi_ignore_headers",
        "fastcgi_index",
        "fastcgi_intercept_errors",
        "fastcgi_keep_conn",
        "fastcgi_max_temp_file_size",
        "fastcgi_next_upstream",
        "fastcgi_no_cache",
        "fastcgi_param",
        "fastcgi_pass_header",
        "fastcgi_pass_request_body",
        "fastcgi_pass_request_headers",
        "fastcgi_read_timeout",
        "fastcgi_request_buffering",
        "fastcgi_send_timeout",
        "fastcgi_split_path_info",
        "fastcgi_store",
        "fastcgi_temp_file_write_size",
        "fastcgi_temp_path",
        "uwsgi_param",
        "uwsgi_read_timeout",
        "uwsgi_connect_timeout",
        "uwsgi_send_timeout",
        "uwsgi_buffering",
        "uwsgi_buffers",
        "uwsgi_buffer_size",
        "uwsgi_temp_path",
        "scgi_temp_path",
        "uwsgi_modifier1",
        "uwsgi_modifier2",
        "scgi_param",
        "grpc_set_header",
        "grpc_read_timeout",
        "grpc_send_timeout",
        "grpc_connect_timeout",
        "grpc_ssl_verify",
        "grpc_buffer_size",
       }},
      {kHttp | kServer,
       {
        "ssl_buffer_size",
        "ssl_ciphers",
        "ssl_conf_command",
        "ssl_dhparam",
        "ssl_early_data",
        "ssl_ecdh_curve",
        "ssl_prefer_server_ciphers",
        "ssl_protocols",
        "ssl_session_cache",
        "ssl_session_ticket_key",
        "ssl_session_tickets",
        "ssl_session_timeout",
        "ssl_stapling",
        "ssl_stapling_file",
        "ssl_stapling_responder",
        "ssl_stapling_verify",
        "http2_body_preread_size",
        "http2_chunk_size",
        "http2_idle_timeout",
        "http2_max_concurrent_streams",
        "http2_max_field_size",
        "http2_max_header_size",
        "http2_max_requests",
        "http2_recv_buffer_size",
        "http2_recv_timeout",
       }},
      {kUpstream, {
        "resolver_timeout",
       }},
  };
}

std::vector<Names> changing() {
  return {
      {kMain, {
        "stream",
        "mail",
        "google_perftools_profiles",
       }},
      {kHttp,
       {
        "geo",
        "geoip_country",
        "geoip_city",
        "split_clients",
        "limit_req_zone",
        "limit_conn_zone",
        "proxy_cache_path",
        "fastcgi_cache_path",
        "uwsgi_cache_path",
        "scgi_cache_path",
        "perl_modules",
        "perl_require",
        "js_import",
        "js_path",
       }},
      {kServer, {
        "http2",
        "ssl_reject_handshake",
       }},
      {kHttp | kServer,
       {
        "ssl",
        "ssl_certificate",
        "ssl_certificate_key",
        "ssl_client_certificate",
        "ssl_crl",
        "ssl_ocsp",
        "ssl_ocsp_cache",
        "ssl_ocsp_responder",
        "ssl_password_file",
        "ssl_trusted_certificate",
        "ssl_verify_client",
        "ssl_verify_depth",
       }},
      {kServer | kLocation, {
        "if",
        "rewrite",
        "set",
        "break",
       }},
      {kLocation,
       {
        "alias",
        "limit_except",
        "empty_gif",
        "flv",
        "mp4",
        "stub_status",
        "fastcgi_pass",
        "uwsgi_pass",
        "scgi_pass",
        "grpc_pass",
        "memcached_pass",
        "js_content",
        "perl",
        "random_index",
        "autoindex_format",
        "status",
       }},
      {kAnyHttp,
       {
        // access
        "allow",
        "deny",
        "auth_basic",
        "auth_basic_user_file",
        "auth_delay",
        "auth_request",
        "auth_request_set",
        "satisfy",
        "limit_conn",
        "limit_conn_dry_run",
        "limit_conn_log_level",
        "limit_conn_status",
        "limit_req",
        "limit_req_dry_run",
        "limit_req_log_level",
        "limit_req_status",
        "secure_link",
        "secure_link_md5",
        "secure_link_secret",
        "valid_referers",
        "referer_hash_bucket_size",
        "referer_hash_max_size",
        "disable_symlinks",
        // what is answered
        "add_after_body",
        "add_before_body",
        "add_trailer",
        "addition_types",
        "ancient_browser",
        "autoindex",
        "autoindex_exact_size",
        "autoindex_localtime",
        "charset",
        "charset_map",
        "charset_types",
        "error_page",
        "image_filter",
        "mirror",
        "mirror_request_body",
        "modern_browser",
        "msie_padding",
        "msie_refresh",
        "override_charset",
        "recursive_error_pages",
        "rewrite_log",
        "slice",
        "source_charset",
        "ssi",
        "ssi_types",
        "sub_filter",
        "sub_filter_last_modified",
        "sub_filter_once",
        "sub_filter_types",
        "uninitialized_variable_warn",
        "userid",
        "userid_domain",
        "userid_expires",
        "userid_name",
        "userid_path",
        "userid_service",
        "xslt_stylesheet",
        "dav_access",
        "dav_methods",
        "create_full_put_path",
        "min_delete_depth",
        // the proxy
        "proxy_cache",
        "proxy_cache_background_update",
        "proxy_cache_bypass",
        "proxy_cache_convert_head",
        "proxy_cache_key",
        "proxy_cache_lock",
        "proxy_cache_lock_age",
        "proxy_cache_lock_timeout",
        "proxy_cache_max_range_offset",
        "proxy_cache_methods",
        "proxy_cache_min_uses",
        "proxy_cache_revalidate",
        "proxy_cache_use_stale",
        "proxy_cache_valid",
        "proxy_intercept_errors",
        "proxy_no_cache",
        "proxy_ssl_certificate",
        "proxy_ssl_certificate_key",
        "proxy_ssl_ciphers",
        "proxy_ssl_conf_command",
        "proxy_ssl_crl",
        "proxy_ssl_name",
        "proxy_ssl_password_file",
        "proxy_ssl_protocols",
        "proxy_ssl_server_name",
        "proxy_ssl_session_reuse",
        "proxy_ssl_trusted_certificate",
        "proxy_ssl_verify",
        "proxy_ssl_verify_depth",
        "proxy_store",
        "proxy_store_access",
       }},
      {kUpstream, {
        "state",
        "resolver",
        "ntlm",
        "check",
       }},
  };
}
// clang-format on

std::vector<Rule> make_rules() {
  constexpr Words kAnything{0, kAnyNumber, Shape::either};
  std::vector<Rule> rules;
  for (const Names& group : harmless()) {
    for (const std::string_view name : group.names) {
      rules.push_back(
          {name, group.contexts, kAnything, warn_without_effect, kRepeats, {}, Standing::ignored});
    }
  }
  for (const Names& group : changing()) {
    for (const std::string_view name : group.names) {
      rules.push_back({name, group.contexts, kAnything, refuse, kRepeats, {}, Standing::refused});
    }
  }
  return rules;
}

}  // namespace

std::span<const Rule> not_yet_rules() {
  static const std::vector<Rule> rules = make_rules();
  return rules;
}

}  // namespace sluice::confparse
