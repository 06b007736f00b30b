// SPDX-License-Identifier: MIT
#include "proxy/origin.h"

#include "http/writer.h"

namespace sluice::proxy {

void append_origin(std::string& out, const confparse::LocationSettings& settings,
                   const routing::Facts& facts) {
  out.append(facts.connection->tls ? "https://" : "http://");
  const routing::Endpoint& here = facts.connection->local;
  const bool named =
      facts.request != nullptr && (!facts.request->authority.empty() ||
                                   !facts.request->headers.value(http::HeaderId::host).empty());
  if (settings.core.server_name_in_redirect) {
    out.append(facts.server_name);
  } else if (named) {
    out.append(facts.host);
  } else {
    here.append_address(out);
  }
  const std::uint16_t usual = facts.connection->tls ? 443 : 80;
  if (settings.core.port_in_redirect && here.port != usual && here.port != 0) {
    out.append(":");
    http::append_number(out, here.port);
  }
}

}  // namespace sluice::proxy
