// SPDX-License-Identifier: MIT
// Directives that only tune nginx's own machinery: checked for their words, without effect here.
#include <array>

#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

constexpr std::array kRules{
    without_effect("sendfile", kAnyHttp, takes(1), checked_flag),
    without_effect("sendfile_max_chunk", kAnyHttp, takes(1), checked_size),
    without_effect("tcp_nopush", kAnyHttp, takes(1), checked_flag),
    without_effect("types_hash_max_size", kAnyHttp, takes(1), checked_number),
    without_effect("types_hash_bucket_size", kAnyHttp, takes(1), checked_number),
    without_effect("server_names_hash_max_size", kHttp, takes(1), checked_number),
    without_effect("server_names_hash_bucket_size", kHttp, takes(1), checked_number),
    without_effect("variables_hash_max_size", kHttp, takes(1), checked_number),
    without_effect("variables_hash_bucket_size", kHttp, takes(1), checked_number),
    without_effect("map_hash_max_size", kHttp, takes(1), checked_number),
    without_effect("map_hash_bucket_size", kHttp, takes(1), checked_number),
    without_effect("proxy_headers_hash_max_size", kAnyHttp, takes(1), checked_number),
    without_effect("proxy_headers_hash_bucket_size", kAnyHttp, takes(1), checked_number),
    without_effect("connection_pool_size", kHttp | kServer, takes(1), checked_size),
    without_effect("request_pool_size", kHttp | kServer, takes(1), checked_size),
};

}  // namespace

std::span<const Rule> tuning_rules() {
  return kRules;
}

}  // namespace sluice::confparse
