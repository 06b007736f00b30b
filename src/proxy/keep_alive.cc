// SPDX-License-Identifier: MIT
#include "proxy/keep_alive.h"

namespace sluice::proxy {
namespace {

using http::HeaderId;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Internet Explorer 4 to 6; the service pack that calls itself SV1 mended the sixth.
bool is_msie6(std::string_view agent) {
  const auto found = agent.find("MSIE ");
  if (found == std::string_view::npos || has(agent, "Opera ")) {
    return false;
  }
  const std::string_view version = agent.substr(found + 5);
  if (version.size() < 2 || version[1] != '.') {
    return false;
  }
  const bool is_sixth = version[0] == '6';
  return version[0] == '4' || version[0] == '5' || (is_sixth && !has(version, "SV1"));
}

// Safari itself, of which many others borrow the name.
bool is_safari(std::string_view agent) {
  return has(agent, "Safari/") && has(agent, "Mac OS X") && !has(agent, "Chrome/") &&
         !has(agent, "Gecko/") && !has(agent, "MSIE ") && !has(agent, "Opera ");
}

bool is_disabled(const http::RequestHead& request, const confparse::KeepaliveDisable& browsers) {
  if (browsers.safari && is_safari(request.headers.value(HeaderId::user_agent))) {
    return true;
  }
  return browsers.msie6 && request.method == http::Method::post &&
         is_msie6(request.headers.value(HeaderId::user_agent));
}

}  // namespace

bool may_ask_again(const http::RequestHead& request, const routing::ConnectionFacts& connection,
                   const confparse::CoreSettings& settings, net::SteadyTime now) {
  return settings.keepalive_timeout.count() > 0 &&
         connection.requests < settings.keepalive_requests &&
         now - connection.began <= settings.keepalive_time &&
         !is_disabled(request, settings.keepalive_disable);
}

}  // namespace sluice::proxy
