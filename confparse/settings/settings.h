// SPDX-License-Identifier: MIT
// All that can be configured, typed, checked and with every default filled in.
// Immutable once loaded; shared by all threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "confparse/settings/location.h"
#include "confparse/settings/main.h"
#include "confparse/settings/map.h"
#include "confparse/settings/server.h"
#include "confparse/settings/upstream.h"

namespace sluice::confparse {

struct HttpSettings {
  std::vector<LogFormat> log_formats;  // "combined" is always among them
  std::vector<MapSettings> maps;
  std::vector<UpstreamSettings> upstreams;
  std::vector<ServerBlock> servers;
  ResolverSettings resolver;  // of http itself: for the names in upstream blocks
};

struct Settings {
  MainSettings main;
  EventsSettings events;
  HttpSettings http;
  // Every file read, in the order in which it was first opened: what -T prints.
  std::vector<std::shared_ptr<const SourceFile>> files;
  // The file held http-level blocks only (a tornado.conf) and was wrapped in `http { }`.
  bool bare = false;
};

}  // namespace sluice::confparse
