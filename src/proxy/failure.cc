// SPDX-License-Identifier: MIT
#include "proxy/failure.h"

#include <array>

namespace sluice::proxy {

using confparse::NextUpstream;

const Verdict& verdict(Trouble trouble) {
  // In the order of Trouble.  Statuses as nginx gives them (ngx_http_upstream_next and
  // ngx_http_upstream_finalize_request; 499 is nginx's own, for the log only).
  static constexpr std::array<Verdict, 18> kTable{{
      {Side::self, 500, nullptr, ""},
      {Side::client, 499, nullptr, "client prematurely closed connection"},
      {Side::client, 408, nullptr, "client timed out"},
      {Side::client, 400, nullptr, "client sent invalid body"},
      {Side::client, 413, nullptr, "client intended to send too large body"},
      {Side::peer, 502, &NextUpstream::error, "connect() failed"},
      {Side::peer, 504, &NextUpstream::timeout, "upstream timed out"},
      {Side::peer, 502, &NextUpstream::error, "writev() failed"},
      {Side::peer, 504, &NextUpstream::timeout, "upstream timed out"},
      {Side::peer, 502, &NextUpstream::error, "upstream prematurely closed connection"},
      {Side::peer, 502, &NextUpstream::error, "recv() failed"},
      {Side::peer, 504, &NextUpstream::timeout, "upstream timed out"},
      {Side::peer, 502, &NextUpstream::invalid_header, "upstream sent invalid header"},
      {Side::peer, 502, &NextUpstream::invalid_header, "upstream sent too big header"},
      {Side::peer, 502, nullptr, "no live upstreams"},
      {Side::self, 500, nullptr, "bind() failed"},
      {Side::self, 500, nullptr, "out of descriptors or memory"},
      {Side::self, 500, nullptr, "a temporary file failed"},
  }};
  static_assert(kTable.size() == static_cast<std::size_t>(Trouble::disk_failed) + 1);
  return kTable[static_cast<std::size_t>(trouble)];
}

}  // namespace sluice::proxy
