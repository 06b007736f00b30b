// SPDX-License-Identifier: MIT
// Directives of nginx that sluice does not have yet, in two kinds.  Harmless ones only tune: they
// are accepted with a warning.  The rest would change answers or access: they stop the start.
// A directive leaves this file when it gets its row in one of the others.
#include <array>
#include <vector>

#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

void warn_without_effect(Line& line) {
  line.warn(line.position(), "\"" + line.name() + "\" is not supported yet and has no effect");
}

void refuse(Line& line) {
  line.fail("\"" + line.name() + "\" is not supported by sluice yet");
}

struct Names {
  Contexts contexts;
  std::vector<std::string_view> names;
};

std::vector<Names> harmless() {
  return {
      {kMain, {"debug_points", "ssl_engine", "thread_pool", "worker_shutdown_timeout"}},
      {kEvents, {"debug_connection"}},
      {kAnyHttp,
       {// compression: the same answer in fewer bytes
        "gzip", "gzip_buffers", "gzip_comp_level", "gzip_disable", "gzip_http_version",
        "gzip_min_length", "gzip_proxied", "gzip_static", "gzip_types", "gzip_vary", "gunzip",
        "gunzip_buffers",
        // files
        "aio", "aio_write", "directio", "directio_alignment", "etag", "log_not_found",
        "log_subrequest", "open_file_cache", "open_file_cache_errors", "open_file_cache_min_uses",
        "open_file_cache_valid", "open_log_file_cache", "output_buffers", "read_ahead",
        // connections
        "client_body_buffer_size", "client_body_in_single_buffer", "client_body_temp_path",
        "keepalive_disable", "keepalive_time", "lingering_close", "lingering_time",
        "lingering_timeout", "postpone_output", "send_lowat", "subrequest_output_buffer_size",
        // the peers' side
        "proxy_buffering", "proxy_buffers", "proxy_busy_buffers_size", "proxy_max_temp_file_size",
        "proxy_request_buffering", "proxy_socket_keepalive", "proxy_temp_file_write_size",
        "proxy_temp_path", "proxy_send_lowat", "resolver_timeout"}},
      {kHttp | kServer,
       {"ssl_buffer_size",
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
        "http2_recv_timeout"}},
      {kUpstream, {"hash_again", "resolver_timeout"}},
  };
}

std::vector<Names> changing() {
  return {
      {kMain, {"stream", "mail", "google_perftools_profiles"}},
      {kHttp,
       {"map", "geo", "geoip_country", "geoip_city", "split_clients", "limit_req_zone",
        "limit_conn_zone", "proxy_cache_path", "fastcgi_cache_path", "uwsgi_cache_path",
        "scgi_cache_path", "perl_modules", "perl_require", "js_import", "js_path"}},
      {kServer, {"http2", "ssl_reject_handshake"}},
      {kHttp | kServer,
       {"ssl", "ssl_certificate", "ssl_certificate_key", "ssl_client_certificate", "ssl_crl",
        "ssl_ocsp", "ssl_ocsp_cache", "ssl_ocsp_responder", "ssl_password_file",
        "ssl_trusted_certificate", "ssl_verify_client", "ssl_verify_depth"}},
      {kServer | kLocation, {"if", "rewrite", "set", "break"}},
      {kLocation,
       {"alias", "internal", "limit_except", "empty_gif", "flv", "mp4", "stub_status",
        "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass", "js_content",
        "perl", "fastcgi_split_path_info", "random_index", "autoindex_format", "proxy_method",
        "status"}},
      {kAnyHttp,
       {// access
        "allow", "deny", "auth_basic", "auth_basic_user_file", "auth_delay", "auth_request",
        "auth_request_set", "satisfy", "limit_conn", "limit_conn_dry_run", "limit_conn_log_level",
        "limit_conn_status", "limit_rate", "limit_rate_after", "limit_req", "limit_req_dry_run",
        "limit_req_log_level", "limit_req_status", "real_ip_header", "real_ip_recursive",
        "set_real_ip_from", "secure_link", "secure_link_md5", "secure_link_secret",
        "valid_referers", "referer_hash_bucket_size", "referer_hash_max_size", "disable_symlinks",
        // what is answered
        "absolute_redirect", "add_after_body", "add_before_body", "add_header", "add_trailer",
        "addition_types", "ancient_browser", "autoindex", "autoindex_exact_size",
        "autoindex_localtime", "charset", "charset_map", "charset_types",
        "chunked_transfer_encoding", "error_page", "expires", "if_modified_since", "image_filter",
        "max_ranges", "mirror", "mirror_request_body", "modern_browser", "msie_padding",
        "msie_refresh", "override_charset", "port_in_redirect", "recursive_error_pages",
        "rewrite_log", "server_name_in_redirect", "slice", "source_charset", "ssi", "ssi_types",
        "sub_filter", "sub_filter_last_modified", "sub_filter_once", "sub_filter_types",
        "uninitialized_variable_warn", "userid", "userid_domain", "userid_expires", "userid_name",
        "userid_path", "userid_service", "xslt_stylesheet", "dav_access", "dav_methods",
        "create_full_put_path", "min_delete_depth", "client_body_in_file_only", "resolver",
        // the proxy
        "proxy_bind", "proxy_cache", "proxy_cache_background_update", "proxy_cache_bypass",
        "proxy_cache_convert_head", "proxy_cache_key", "proxy_cache_lock", "proxy_cache_lock_age",
        "proxy_cache_lock_timeout", "proxy_cache_max_range_offset", "proxy_cache_methods",
        "proxy_cache_min_uses", "proxy_cache_revalidate", "proxy_cache_use_stale",
        "proxy_cache_valid", "proxy_cookie_domain", "proxy_cookie_flags", "proxy_cookie_path",
        "proxy_force_ranges", "proxy_hide_header", "proxy_ignore_client_abort",
        "proxy_ignore_headers", "proxy_intercept_errors", "proxy_limit_rate", "proxy_no_cache",
        "proxy_pass_header", "proxy_pass_request_body", "proxy_pass_request_headers",
        "proxy_redirect", "proxy_set_body", "proxy_ssl_certificate", "proxy_ssl_certificate_key",
        "proxy_ssl_ciphers", "proxy_ssl_conf_command", "proxy_ssl_crl", "proxy_ssl_name",
        "proxy_ssl_password_file", "proxy_ssl_protocols", "proxy_ssl_server_name",
        "proxy_ssl_session_reuse", "proxy_ssl_trusted_certificate", "proxy_ssl_verify",
        "proxy_ssl_verify_depth", "proxy_store", "proxy_store_access",
        // other protocols
        "fastcgi_bind", "fastcgi_buffer_size", "fastcgi_buffering", "fastcgi_buffers",
        "fastcgi_busy_buffers_size", "fastcgi_cache", "fastcgi_cache_bypass", "fastcgi_cache_key",
        "fastcgi_cache_lock", "fastcgi_cache_methods", "fastcgi_cache_min_uses",
        "fastcgi_cache_use_stale", "fastcgi_cache_valid", "fastcgi_catch_stderr",
        "fastcgi_connect_timeout", "fastcgi_hide_header", "fastcgi_ignore_client_abort",
        "fastcgi_ignore_headers", "fastcgi_index", "fastcgi_intercept_errors", "fastcgi_keep_conn",
        "fastcgi_max_temp_file_size", "fastcgi_next_upstream", "fastcgi_no_cache", "fastcgi_param",
        "fastcgi_pass_header", "fastcgi_pass_request_body", "fastcgi_pass_request_headers",
        "fastcgi_read_timeout", "fastcgi_request_buffering", "fastcgi_send_timeout",
        "fastcgi_store", "fastcgi_temp_file_write_size", "fastcgi_temp_path", "uwsgi_param",
        "uwsgi_read_timeout", "uwsgi_connect_timeout", "uwsgi_send_timeout", "uwsgi_buffering",
        "uwsgi_buffers", "uwsgi_buffer_size", "uwsgi_modifier1", "uwsgi_modifier2", "scgi_param",
        "grpc_set_header", "grpc_read_timeout", "grpc_send_timeout", "grpc_connect_timeout",
        "grpc_ssl_verify", "grpc_buffer_size"}},
      {kUpstream, {"sticky", "queue", "state", "resolver", "ntlm", "check"}},
  };
}

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
